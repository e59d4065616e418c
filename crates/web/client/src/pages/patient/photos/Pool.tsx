import { useMemo } from "react";
import { Link } from "wouter";
import type { Image } from "../../../api/types";
import { t } from "../../../i18n";
import { longDay, time } from "../../../i18n/format";
import { byDay, takenAt } from "./group";
import styles from "./Pool.module.css";
import { OPENED_HERE } from "./useViewer";
import { Thumb } from "./Thumb";
import { useGridKeys } from "./useGridKeys";

export type Size = "s" | "m" | "l";

interface Props {
  patientId: string;
  images: readonly Image[];
  total: number;
  zone: string | undefined;
  size: Size;
}

export function Pool({ patientId, images, total, zone, size }: Props) {
  const days = useMemo(() => byDay(images, zone), [images, zone]);
  const ids = useMemo(() => days.flatMap((day) => day.images.map((image) => image.id)), [days]);
  const places = useMemo(() => new Map(ids.map((id, index) => [id, index])), [ids]);
  const { current, setActive, onKeyDown } = useGridKeys(ids);
  return (
    // The arrow keys are an addition; every image is a link.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={styles.pool} data-size={size} onKeyDown={onKeyDown}>
      <p id="pool-help" className="visually-hidden">
        {t.photos.gridHelp}
      </p>
      {days.map((day) => (
        <section key={day.key} aria-labelledby={`day-${day.key}`} className={styles.day}>
          <h2 id={`day-${day.key}`} className={styles.dayTitle}>
            {longDay(day.at, zone)}
            <span className={styles.dayCount}>{t.photos.total(day.images.length)}</span>
          </h2>
          <ul className={styles.grid}>
            {day.images.map((image) => (
              <li key={image.id}>
                <Link
                  href={`/patients/${patientId}/photos/${image.id}`}
                  data-cell={image.id}
                  state={OPENED_HERE}
                  className={styles.cell}
                  tabIndex={image.id === current ? 0 : -1}
                  aria-describedby={image.id === current ? "pool-help" : undefined}
                  onFocus={() => setActive(image.id)}
                >
                  <span className="visually-hidden">
                    {t.photos.cell((places.get(image.id) ?? 0) + 1, total, takenAt(image, zone))}
                  </span>
                  <Thumb patientId={patientId} image={image} />
                  <span className={styles.stamp} aria-hidden="true">
                    {image.capturedAt ? time(image.capturedAt, zone) : t.photos.byUpload}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
