import { useEffect, useRef } from "react";
import type { Image } from "../../../api/types";
import { t } from "../../../i18n/photos";
import { takenAt } from "./group";
import { Thumb } from "./Thumb";
import styles from "./Viewer.module.css";

const AROUND = 24;

interface Props {
  patientId: string;
  images: readonly Image[];
  index: number;
  total: number;
  zone: string | undefined;
  onMove: (imageId: string) => void;
}

/** The neighbours of the image that is shown. One of them is in the tab order; the arrow keys move anyway. */
export function Filmstrip({ patientId, images, index, total, zone, onMove }: Props) {
  const current = useRef<HTMLButtonElement>(null);
  const start = Math.max(0, index - AROUND);
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [index]);
  return (
    <ul className={styles.strip} aria-label={t.viewer.filmstrip}>
      {images.slice(start, index + AROUND + 1).map((image, offset) => {
        const isCurrent = start + offset === index;
        return (
          <li key={image.id}>
            <button
              ref={isCurrent ? current : undefined}
              type="button"
              className={styles.frame}
              tabIndex={isCurrent ? 0 : -1}
              aria-current={isCurrent ? "true" : undefined}
              onClick={() => onMove(image.id)}
            >
              <span className="visually-hidden">{t.photos.cell(start + offset + 1, total, takenAt(image, zone))}</span>
              <Thumb patientId={patientId} image={image} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
