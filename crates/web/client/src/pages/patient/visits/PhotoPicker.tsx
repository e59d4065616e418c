/** E4: photos of the patient, by day, of which several are chosen at once for a visit. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Image } from "../../../api/types";
import { useZone } from "../../../app/session";
import { longDay } from "../../../i18n/format";
import { t } from "../../../i18n";
import { visits as v } from "../../../i18n/visits";
import { imagesQuery } from "../../../resources/images";
import { PickMark } from "../../../select/PickMark";
import { Button } from "../../../ui/Button";
import { CancelButton, Dialog } from "../../../ui/Dialog";
import { Failed, Skeleton } from "../../../ui/parts";
import { useLoadOnSight } from "../../../ui/useLoadOnSight";
import { byDay, takenAt } from "../photos/group";
import { Thumb } from "../photos/Thumb";
import styles from "./PhotoPicker.module.css";

const k = v.picker;
const NONE: readonly Image[] = [];

interface Props {
  patientId: string;
  /** What the visit has already. */
  inVisit: readonly string[];
  when: string;
  /** Says whether they are in. */
  onAdd: (ids: readonly string[]) => Promise<boolean>;
  onClose: () => void;
}

export function PhotoPicker({ patientId, inVisit, when, onAdd, onClose }: Props) {
  const zone = useZone();
  const { data, error, isPending, isFetchingNextPage, isError, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(imagesQuery(patientId, "time"));
  const images = useMemo(() => data?.pages.flatMap((page) => page.images) ?? NONE, [data]);
  const days = useMemo(() => byDay(images, zone), [images, zone]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isAdding, setAdding] = useState(false);
  const has = new Set(inVisit);
  const end = useLoadOnSight(hasNextPage && !isFetchingNextPage && !isError, () => void fetchNextPage());

  const turn = (ids: readonly string[], isOn: boolean) =>
    setChosen((old) => {
      const next = new Set(old);
      for (const id of ids) {
        if (isOn) next.add(id);
        else next.delete(id);
      }
      return next;
    });
  const add = async () => {
    setAdding(true);
    // As they stand here: the order in which they are put in is of no account.
    const isDone = await onAdd(images.filter((image) => chosen.has(image.id)).map((image) => image.id));
    setAdding(false);
    if (isDone) onClose();
  };
  return (
    <Dialog
      title={k.title}
      isOpen
      onClose={onClose}
      size="xl"
      isDismissable={chosen.size === 0}
      actions={
        <>
          <CancelButton />
          <Button look="primary" isDisabled={chosen.size === 0} isPending={isAdding} onPress={() => void add()}>
            {isAdding ? k.adding : k.add(chosen.size)}
          </Button>
        </>
      }
    >
      <p className={styles.help}>
        {v.of(when)}. {k.help}
      </p>
      {isPending && <Skeleton rows={8} shape="tile" />}
      {error && images.length === 0 && <Failed error={error} onRetry={() => void refetch()} />}
      {data && images.length === 0 && <p className={styles.help}>{k.empty}</p>}
      {days.map((day) => {
        const free = day.images.filter((image) => !has.has(image.id)).map((image) => image.id);
        const isAll = free.length > 0 && free.every((id) => chosen.has(id));
        return (
          <section key={day.key} aria-label={longDay(day.at, zone)} className={styles.day}>
            <h3>
              <span>{longDay(day.at, zone)}</span>
              {free.length > 1 && (
                <Button size="sm" look="quiet" aria-pressed={isAll} onPress={() => turn(free, !isAll)}>
                  {k.all}
                  <span className="visually-hidden">: {longDay(day.at, zone)}</span>
                </Button>
              )}
            </h3>
            <ul className={styles.tiles}>
              {day.images.map((image) => (
                <li key={image.id}>
                  <Tile patientId={patientId} image={image} zone={zone} isIn={has.has(image.id)} isPicked={chosen.has(image.id)} onTurn={(isOn) => turn([image.id], isOn)} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      <div ref={end} className={styles.more}>
        {hasNextPage && (
          <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            {t.common.loadMore}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function Tile({ patientId, image, zone, isIn, isPicked, onTurn }: { patientId: string; image: Image; zone: string | undefined; isIn: boolean; isPicked: boolean; onTurn: (isOn: boolean) => void }) {
  return (
    <label className={styles.tile} data-in={isIn || undefined} data-picked={isPicked || undefined}>
      <input type="checkbox" className={styles.box} checked={isIn || isPicked} disabled={isIn} onChange={(event) => onTurn(event.target.checked)} />
      <span className="visually-hidden">
        {k.cell(takenAt(image, zone))}
        {isIn && `, ${k.inVisit}`}
      </span>
      <Thumb patientId={patientId} image={image} width={128} />
      {isIn ? (
        <span className={styles.in} aria-hidden="true">
          {k.inVisit}
        </span>
      ) : (
        <PickMark isPicked={isPicked} />
      )}
    </label>
  );
}
