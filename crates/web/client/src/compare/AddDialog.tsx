/** More photos of the patient for the comparison. */
import { useState } from "react";
import { compare as t } from "../i18n/compare";
import { t as all } from "../i18n/photos";
import { Thumb } from "../pages/patient/photos/Thumb";
import { usePool } from "../pages/patient/photos/usePool";
import { Button } from "../ui/Button";
import { FormDialog } from "../ui/FormDialog";
import { Failed, Skeleton } from "../ui/parts";
import styles from "./Dialogs.module.css";
import { inTime, MOST, type Photo, photoOf } from "./group";
import { whenOf } from "./when";

interface Props {
  patientId: string;
  photos: readonly Photo[];
  zone: string | undefined;
  onClose: () => void;
  onAdd: (photos: readonly Photo[]) => void;
}

export function AddDialog({ patientId, photos, zone, onClose, onAdd }: Props) {
  const { query, images } = usePool(patientId, "time");
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const room = MOST - photos.length;
  const toggle = (id: string) => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    setPicked(next);
  };
  return (
    <FormDialog
      title={t.addTitle}
      size="lg"
      onClose={onClose}
      submit={t.addAmount(picked.size)}
      isDisabled={picked.size === 0}
      onSubmit={() => {
        onAdd(inTime(images.filter((it) => picked.has(it.id)).map(photoOf)));
        onClose();
      }}
    >
      <p>{t.room(room)}</p>
      {query.isPending && <Skeleton rows={6} shape="tile" />}
      {query.isError && images.length === 0 && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      <ul className={styles.choices}>
        {images.map((image) => {
          const isIn = photos.some((it) => it.imageId === image.id);
          const isPicked = isIn || picked.has(image.id);
          return (
            <li key={image.id}>
              <label className={styles.choice} data-picked={isPicked || undefined}>
                <input type="checkbox" checked={isPicked} disabled={isIn || (!isPicked && picked.size >= room)} onChange={() => toggle(image.id)} />
                <span className={styles.choiceThumb}>
                  <Thumb patientId={patientId} image={image} />
                </span>
                <span>
                  {whenOf(photoOf(image), zone)}
                  {isIn && ` (${t.alreadyIn})`}
                </span>
              </label>
            </li>
          );
        })}
      </ul>
      {query.hasNextPage && (
        <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
          {all.common.loadMore}
        </Button>
      )}
    </FormDialog>
  );
}
