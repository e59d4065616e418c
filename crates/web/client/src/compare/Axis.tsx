/** Below the photos of a timeline: when each was taken, true to scale, and how long lies between them. */
import { compare as t } from "../i18n/compare";
import type { Photo } from "./group";
import { AXIS } from "./layout";
import styles from "./Stage.module.css";
import type { Extent } from "./view";
import { intervalOf, onAxis } from "./when";

interface Props {
  photos: readonly Photo[];
  frame: Extent;
  whole: Extent;
  zone: string | undefined;
}

const LINE = 52;

export function Axis({ photos, frame, whole, zone }: Props) {
  const step = photos.length > 1 ? (whole.width - frame.width) / (photos.length - 1) : 0;
  const middle = (index: number): number => frame.width / 2 + index * step;
  const places = onAxis(photos.map((it) => it.moment)).map((share) => middle(0) + share * (middle(photos.length - 1) - middle(0)));
  return (
    <div className={styles.axis} style={{ inlineSize: whole.width, blockSize: AXIS, insetBlockStart: frame.height }}>
      <svg width={whole.width} height={AXIS} aria-hidden="true">
        <line x1={middle(0) - 12} x2={middle(photos.length - 1) + 12} y1={LINE} y2={LINE} className={styles.axisLine} />
        {photos.map((photo, index) => (
          <g key={photo.imageId}>
            <path d={`M${middle(index)} 0C${middle(index)} ${LINE * 0.6} ${places[index]} ${LINE * 0.4} ${places[index]} ${LINE}`} className={styles.axisLead} />
            <circle cx={places[index]} cy={LINE} r={5} className={styles.axisDot} />
          </g>
        ))}
      </svg>
      <ol aria-label={t.axis} className={styles.intervals}>
        {photos.slice(1).map((photo, index) => (
          <li key={photo.imageId} style={{ insetInlineStart: middle(index) + step / 2 }}>
            {intervalOf(photos[index]?.moment ?? photo.moment, photo.moment, zone)}
          </li>
        ))}
      </ol>
    </div>
  );
}
