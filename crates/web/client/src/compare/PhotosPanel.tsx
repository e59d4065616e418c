/** The photos of the comparison: their order, labels, how each is shown, which belong to it. */
import { useRef, useState } from "react";
import { compare as t } from "../i18n/compare";
import { Thumb } from "../pages/patient/photos/Thumb";
import { Button, IconButton } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Icon } from "../ui/icons";
import { useRowDrag } from "../ui/useRowDrag";
import { AddDialog } from "./AddDialog";
import { AdjustDialog } from "./AdjustDialog";
import styles from "./Compare.module.css";
import { FEWEST, LONGEST_LABEL, MOST, moveWithin, type Photo } from "./group";
import type { Store } from "./store";
import { PLAIN } from "./view";
import { labelOf, whenOf } from "./when";

interface Props {
  patientId: string;
  photos: readonly Photo[];
  store: Store;
  zone: string | undefined;
}

export function PhotosPanel({ patientId, photos, store, zone }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const [isAdding, setAdding] = useState(false);
  const [adjusted, setAdjusted] = useState<string | null>(null);
  const move = (from: number, to: number) => store.setPhotos(moveWithin(photos, from, to));
  const drag = useRowDrag(list, move);
  const photo = photos.find((it) => it.imageId === adjusted);
  return (
    <>
      <ol ref={list} className={styles.photos}>
        {photos.map((one, at) => (
          <li key={one.imageId} className={styles.row} data-dragged={drag.isDragged(at) || undefined} data-target={drag.isTarget(at) || undefined}>
            <div className={styles.rowHead}>
              <span className={styles.grip} title={t.grip} aria-hidden="true" {...drag.handle(at)}>
                <Icon name="grip" size={18} />
              </span>
              <span className={styles.thumb}>
                <Thumb patientId={patientId} image={{ id: one.imageId, edition: one.edition, width: one.width, height: one.height }} />
              </span>
              <p className={styles.rowName}>{t.photo(at + 1, photos.length, whenOf(one, zone))}</p>
            </div>
            <TextField label={t.label} value={one.label ?? ""} maxLength={LONGEST_LABEL} help={at === 0 ? t.labelHelp : undefined} onChange={(label) => store.setPhoto(one.imageId, "label", label.trim() === "" ? null : label, true)} onBlur={() => void store.flush()} />
            <div className={styles.rowTools} role="group" aria-label={labelOf(one, zone)}>
              <IconButton icon="arrowUp" look="stage" label={t.moveUp} tip={false} isDisabled={at === 0} onPress={() => move(at, at - 1)} />
              <IconButton icon="arrowDown" look="stage" label={t.moveDown} tip={false} isDisabled={at === photos.length - 1} onPress={() => move(at, at + 1)} />
              <Button size="sm" onPress={() => setAdjusted(one.imageId)}>
                {t.adjust}
              </Button>
              {one.view !== PLAIN && JSON.stringify(one.view) !== JSON.stringify(PLAIN) && <IconButton icon="undo" look="stage" label={t.resetAll} tip={false} onPress={() => store.setPhoto(one.imageId, "view", PLAIN)} />}
              <IconButton icon="trash" look="stage" label={t.remove} tip={false} isDisabled={photos.length <= FEWEST} onPress={() => store.setPhotos(photos.toSpliced(at, 1))} />
            </div>
          </li>
        ))}
      </ol>
      {photos.length <= FEWEST && <p className={styles.hint}>{t.fewest}</p>}
      <Button icon="plus" isDisabled={photos.length >= MOST} onPress={() => setAdding(true)}>
        {t.add}
      </Button>
      {isAdding && <AddDialog patientId={patientId} photos={photos} zone={zone} onClose={() => setAdding(false)} onAdd={(more) => store.setPhotos([...photos, ...more])} />}
      {photo && <AdjustDialog patientId={patientId} photo={photo} name={labelOf(photo, zone)} onClose={() => setAdjusted(null)} onSave={(view) => store.setPhoto(photo.imageId, "view", view)} />}
    </>
  );
}
