import { useEffect, useState } from "react";
import type { Image } from "../../../api/types";
import { t } from "../../../i18n";
import { imageUrl } from "../../../resources/images";
import { Icon } from "../../../ui/icons";
import styles from "./Pool.module.css";

const RETRIES = 3;

/** A thumbnail. That of a new upload may not be ready yet, so it is requested again a few times. */
export function Thumb({ patientId, image }: { patientId: string; image: Image }) {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<"loading" | "shown" | "failed">("loading");

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
  const url = imageUrl(patientId, image.id, "thumbnail");
  return (
    <img
      src={attempt === 0 ? url : `${url}#${attempt}`}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      data-state={state}
      onLoad={() => setState("shown")}
      onError={() => setState("failed")}
    />
  );
}
