/** The photos of a visit by day. Each opens in the viewer; while photos are being selected, each is a checkbox. */
import { Link } from "wouter";
import type { Image } from "../../../api/types";
import type { VisitSize } from "../../../resources/visitLayout";
import { longDay } from "../../../i18n/format";
import { visits as v } from "../../../i18n/visits";
import { t } from "../../../i18n/photos";
import { Icon } from "../../../ui/icons";
import { PickMark } from "../../../select/PickMark";
import { asToggle } from "../../../select/toggle";
import type { Pick, Picked } from "../../../select/useSelection";
import { type Day, takenAt } from "../photos/group";
import { Thumb } from "../photos/Thumb";
import { OPENED_HERE } from "../photos/useViewer";
import { visitPhotoPath } from "./addresses";
import styles from "./Workspace.module.css";

/** Heights of the tiles, in CSS pixels; on a phone they are lower (Workspace.module.css). */
const HEIGHTS: Readonly<Record<VisitSize, number>> = { small: 96, medium: 168, large: 300 };
/** How narrow and wide a tile may be for its height: what is more is cut. */
const NARROWEST = 0.6;
const WIDEST = 1.9;

const shape = ({ width, height }: Image): number => Math.min(WIDEST, Math.max(NARROWEST, height > 0 ? width / height : 1));

interface Props {
  patientId: string;
  entryId: string;
  days: readonly Day[];
  total: number;
  size: VisitSize;
  zone: string | undefined;
  picked: Picked | null;
  onPick: Pick;
}

export function WorkspaceGrid({ patientId, entryId, days, total, size, zone, picked, onPick }: Props) {
  const firsts = days.map((_, at) => days.slice(0, at).reduce((sum, day) => sum + day.images.length, 0));
  return days.map((day, at) => (
    <section key={day.key} aria-label={longDay(day.at, zone)} className={styles.day}>
      <h3>{longDay(day.at, zone)}</h3>
      <ul className={styles.tiles} data-size={size}>
        {day.images.map((image, index) => {
          const isPicked = picked && picked.has(image.id);
          return (
            <li key={image.id} style={{ "--shape": shape(image) } as React.CSSProperties}>
              <Link
                href={visitPhotoPath(patientId, entryId, image.id)}
                state={OPENED_HERE}
                className={styles.tile}
                data-cell={image.id}
                data-row={image.id}
                data-picked={isPicked || undefined}
                {...asToggle(image.id, isPicked, onPick)}
              >
                <span className="visually-hidden">{v.photos.cell((firsts[at] ?? 0) + index + 1, total, takenAt(image, zone))}{image.incomplete && `. ${t.photos.incomplete}`}</span>
                <Thumb patientId={patientId} image={image} width={Math.round(shape(image) * HEIGHTS[size])} />
                {image.incomplete && (
                  <span className={styles.incomplete} title={t.photos.incomplete} aria-hidden="true">
                    <Icon name="warn" size={16} />
                  </span>
                )}
                {isPicked !== null && <PickMark isPicked={isPicked} />}
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  ));
}
