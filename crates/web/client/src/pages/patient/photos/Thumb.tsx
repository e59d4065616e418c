import { useEffect, useState } from "react";
import { missed } from "../../../api/reach";
import type { Image } from "../../../api/types";
import { useReturns } from "../../../app/useReach";
import { t } from "../../../i18n/photos";
import { renditionUrl, useMark } from "../../../resources/images";
import { Icon } from "../../../ui/icons";
import styles from "./Pool.module.css";

const RETRIES = 3;
/** The longer sides of the two renditions for lists, in pixels. */
const SMALL = 320;
const MEDIUM = 640;

type Shown = Pick<Image, "id" | "edition" | "width" | "height">;

interface Props {
  patientId: string;
  image: Shown;
  /** How wide it is shown, in CSS pixels: by it the browser chooses the rendition that is sharp on this screen (F6). */
  width?: number;
  /** While it is scrolled past, nothing is asked for: each look at a photo is recorded (U1). */
  isWaiting?: boolean;
}

/** A thumbnail. That of a new upload may not be ready yet, so it is requested again a few times. */
export function Thumb({ patientId, image, width, isWaiting = false }: Props) {
  useMark();
  const returns = useReturns();
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<"loading" | "shown" | "failed">("loading");
  const [wasAsked, setAsked] = useState(!isWaiting);
  if (!wasAsked && !isWaiting) setAsked(true);

  // F3: the server is back, or the person is.
  const [seen, setSeen] = useState(returns);
  if (seen !== returns) {
    setSeen(returns);
    if (state === "failed") {
      setAttempt(attempt + 1);
      setState("loading");
    }
  }

  useEffect(() => {
    if (state !== "failed" || attempt >= RETRIES) return undefined;
    const timer = setTimeout(
      () => {
        setAttempt(attempt + 1);
        setState("loading");
      },
      1200 * (attempt + 1),
    );
    return () => clearTimeout(timer);
  }, [state, attempt]);

  if (state === "failed") {
    return (
      <span className={styles.missing}>
        <Icon name="image" size={26} />
        <span>{t.photos.unavailable}</span>
      </span>
    );
  }
  if (!wasAsked) return null;
  const at = (rendition: "thumbnail" | "medium") => `${renditionUrl(patientId, image, rendition)}${attempt === 0 ? "" : `#${attempt}`}`;
  const small = at("thumbnail");
  const sharp = width === undefined ? {} : { srcSet: `${small} ${wideAs(image, SMALL)}w, ${at("medium")} ${wideAs(image, MEDIUM)}w`, sizes: `${Math.ceil(width)}px` };
  return <img {...sharp} src={small} alt="" decoding="async" draggable={false} data-state={state} onLoad={() => setState("shown")} onError={() => {
        missed();
        setState("failed");
      }} />;
}

/** How wide a rendition is whose longer side has that many pixels. */
function wideAs({ width, height }: Shown, longer: number): number {
  const longest = Math.max(width, height, 1);
  return Math.max(1, Math.round((width * Math.min(longer, longest)) / longest));
}
