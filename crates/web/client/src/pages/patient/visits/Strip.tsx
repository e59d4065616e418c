/** The photos of a visit in its row of the timeline: each opens the viewer, the last tile the visit. */
import { Link } from "wouter";
import { visits as v } from "../../../i18n/visits";
import { OPENED_HERE } from "../photos/useViewer";
import { Thumb } from "../photos/Thumb";
import { photoPath, visitPath } from "./addresses";
import styles from "./Strip.module.css";

interface Props {
  patientId: string;
  /** Null where the tiles lead to no visit, as for photos that are offered. */
  entryId: string | null;
  images: readonly string[];
  total: number;
  when: string;
}

export function Strip({ patientId, entryId, images, total, when }: Props) {
  const rest = total - images.length;
  return (
    <ul className={styles.strip} aria-label={v.strip(when)}>
      {images.map((id, index) => (
        <li key={id}>
          <Link href={photoPath(patientId, id)} state={OPENED_HERE} className={styles.tile} data-cell={id}>
            <span className="visually-hidden">{v.photoOf(index + 1, total, when)}</span>
            <Thumb patientId={patientId} image={{ id }} />
          </Link>
        </li>
      ))}
      {rest > 0 && entryId !== null && (
        <li>
          <Link href={visitPath(patientId, entryId)} className={styles.tile} data-rest>
            <span aria-hidden="true">{v.morePhotos(rest)}</span>
            <span className="visually-hidden">{v.morePhotosOf(rest, when)}</span>
          </Link>
        </li>
      )}
    </ul>
  );
}
