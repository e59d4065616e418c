/**
 * One photo on the stage, in layers: what the pool has already shown, at once; the screen size over it; the full size where the
 * screen has more pixels (F6). A neighbour is loaded unseen, and becomes the one that is shown without being asked for again.
 */
import { useEffect, useState } from "react";
import { missed } from "../../../api/reach";
import type { Image } from "../../../api/types";
import { useReturns } from "../../../app/useReach";
import { renditionUrl } from "../../../resources/images";
import styles from "./Viewer.module.css";

/** Who only passes by does not wait for the full size. */
const FULL_AFTER_MS = 300;

export type Arrival = "loading" | "shown" | "failed";

/** How sharp it is at the moment. */
export interface Sharpness {
  readonly screen: Arrival;
  readonly full: Arrival | "no";
}

export const UNSHARP: Sharpness = { screen: "loading", full: "no" };

interface Props {
  patientId: string;
  image: Image;
  alt: string;
  isCurrent: boolean;
  wantsFull: boolean;
  box: React.CSSProperties;
  onSharper: (imageId: string, sharpness: Sharpness) => void;
}

export function Picture({ patientId, image, alt, isCurrent, wantsFull, box, onSharper }: Props) {
  const [screen, setScreen] = useState<Arrival>("loading");
  const [arrived, setArrived] = useState<Arrival>("loading");
  const [isWanted, setWanted] = useState(false);
  const [known] = useState(() => alreadyShown(image) ?? renditionUrl(patientId, image, "thumbnail"));
  const full = isWanted ? arrived : "no";

  // F3: what failed is tried again when the server is back, or the person is.
  const returns = useReturns();
  const [seen, setSeen] = useState(returns);
  if (seen !== returns) {
    setSeen(returns);
    if (screen === "failed") setScreen("loading");
    if (arrived === "failed") setArrived("loading");
  }
  const failed = (set: (arrival: Arrival) => void) => {
    missed();
    set("failed");
  };

  // Once asked for it stays: zooming out and in again must not load it twice.
  const isDue = wantsFull && isCurrent && screen === "shown" && !isWanted;
  useEffect(() => {
    if (!isDue) return undefined;
    const timer = setTimeout(() => setWanted(true), FULL_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isDue]);

  useEffect(() => onSharper(image.id, { screen, full }), [onSharper, image.id, screen, full]);

  const layer = { className: styles.image, style: box, draggable: false };
  if (screen === "failed") return null;
  return (
    <div className={styles.layers} hidden={!isCurrent}>
      {isCurrent && full !== "shown" && <img {...layer} src={known} alt="" data-state="shown" />}
      <img {...layer} src={renditionUrl(patientId, image, "screen")} alt={alt} data-state={screen} onLoad={() => setScreen("shown")} onError={() => failed(setScreen)} />
      {isWanted && arrived !== "failed" && (
        <img {...layer} src={renditionUrl(patientId, image, "full")} alt="" data-state={arrived} onLoad={() => setArrived("shown")} onError={() => failed(setArrived)} />
      )}
    </div>
  );
}

/** The address that the pool shows it by: the browser has it at hand. */
function alreadyShown({ id, edition }: Image): string | undefined {
  const img = document.querySelector<HTMLImageElement>(`[data-cell="${CSS.escape(id)}"] img`);
  if (!img?.complete || img.naturalWidth === 0) return undefined;
  const isThis = edition === 0 || img.currentSrc.includes(`edition=${edition}`);
  return isThis ? img.currentSrc || undefined : undefined;
}
