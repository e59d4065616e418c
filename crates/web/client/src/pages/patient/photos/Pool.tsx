/** The photos of a patient by day, newest first. Only what is in sight is in the document, however many there are (F5). */
import { useEffect, useMemo, useRef } from "react";
import type { Image, YearCount } from "../../../api/types";
import { useToday } from "../../../app/clock";
import type { PhotoSize } from "../../../app/theme";
import { t } from "../../../i18n/photos";
import { PoolDay } from "./PoolDay";
import { DragGhost, DropMark } from "./DragMarks";
import { byDay, inOneBlock } from "./group";
import { blocksIn, layOut, type Metrics } from "./layout";
import styles from "./Pool.module.css";
import type { How, Picked } from "../../../select/useSelection";
import { useAnchor } from "./useAnchor";
import type { Where } from "./order";
import { useDragOrder } from "./useDragOrder";
import { useFollow } from "./useFollow";
import { useGridKeys } from "./useGridKeys";
import { useReveal } from "./useReveal";
import { type Sight, useSight } from "./useSight";
import { Years } from "./Years";

interface Props {
  patientId: string;
  images: readonly Image[];
  total: number;
  zone: string | undefined;
  size: PhotoSize;
  /** The photo that the viewer shows; when it closes, the focus comes back here. */
  viewing: string | null;
  /** Loads older photos; undefined when all are here. */
  onOlder: (() => void) | undefined;
  isLoading: boolean;
  /** The photos that are chosen; null while none are being chosen. */
  picked: Picked | null;
  onPick: (imageId: string, how: How) => void;
  /** How many photos of each year the whole pool has; null in the manual order. */
  years: readonly YearCount[] | null;
  /** As people arranged them, and to be arranged. */
  isManual: boolean;
  onMoveBy: (imageId: string, where: Where) => void;
  onMoveTo: (imageId: string, place: number) => void;
}

/** Row heights, on a phone and on anything wider. */
const ROWS: Readonly<Record<PhotoSize, readonly [number, number]>> = { s: [84, 112], m: [132, 190], l: [260, 320] };
const PHONE = 560;
/** Narrower than this, in `rem`, a day's heading needs two lines for its facts. */
const TIGHT = 16;
/** React-aria gives the focus back to what was pressed, and the browser scrolls back; ours comes after both. */
const AFTER_RESTORE_MS = 60;

function metricsOf({ width, rem }: Sight, size: PhotoSize): Metrics {
  const isPhone = width < PHONE;
  return {
    width,
    row: ROWS[size][isPhone ? 0 : 1],
    gap: size === "l" ? 8 : 6,
    dayGap: isPhone ? 16 : 24,
    heading: rem * (width < rem * TIGHT ? 4 : isPhone ? 3.25 : 2.75),
    caption: rem * 3.25,
    narrowest: Math.min(width, rem * 8.5),
  };
}

export function Pool(props: Props) {
  const { patientId, images, total, zone, size, viewing, onOlder, isLoading, picked, onPick, years, isManual, onMoveBy, onMoveTo } = props;
  const pool = useRef<HTMLDivElement>(null);
  const today = useToday();
  const sight = useSight(pool);
  const { width, rem } = sight;
  const days = useMemo(() => (isManual ? inOneBlock(images) : byDay(images, zone)), [images, zone, isManual]);
  const metrics = useMemo(() => metricsOf({ width, rem } as Sight, size), [width, rem, size]);
  const layout = useMemo(() => layOut(days, metrics), [days, metrics]);
  const letGo = useAnchor(pool, layout, metrics.heading, viewing !== null);
  const { reveal, kept } = useReveal(pool, layout, metrics.heading);
  const moved = useFollow(layout, reveal);
  const moveBy = (id: string, where: Where) => {
    moved(id);
    onMoveBy(id, where);
  };
  const { current, setActive, onKeyDown } = useGridKeys(layout, reveal, isManual ? moveBy : undefined);
  const { dragged, handlers } = useDragOrder(pool, layout, isManual && picked === null, onMoveTo);

  const viewed = useRef<string | null>(null);
  const latest = useRef(reveal);
  useEffect(() => {
    latest.current = reveal;
  });
  useEffect(() => {
    const last = viewed.current;
    viewed.current = viewing;
    if (last === null || viewing !== null) return undefined;
    const timer = setTimeout(() => {
      letGo();
      latest.current(last);
    }, AFTER_RESTORE_MS);
    return () => clearTimeout(timer);
  }, [viewing, letGo]);

  const { first, end } = blocksIn(layout, sight.from, sight.to);
  const drawn = layout.blocks.slice(first, end);
  // What has the focus, or is about to get it, is drawn wherever it is.
  const always = [current, kept].flatMap((id) => (id === null ? [] : (layout.places.get(id) ?? [])));
  const elsewhere = layout.blocks.filter((block, at) => (at < first || at >= end) && always.some((cell) => block.cells.includes(cell)));

  return (
    <div className={styles.frame}>
      {/* The arrow keys are an addition; every photo is a link. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div ref={pool} className={styles.pool} data-size={size} data-manual={isManual || undefined} style={{ blockSize: layout.height }} onKeyDown={onKeyDown} {...handlers}>
        <p id="pool-help" className="visually-hidden">
          {picked ? t.select.gridHelp : t.photos.gridHelp} {isManual && t.photos.arrangeHelp}
        </p>
        {[...drawn, ...elsewhere].map((block) => (
          <PoolDay
            key={block.day.key}
            patientId={patientId}
            block={block}
            from={sight.from}
            to={sight.to}
            always={always}
            current={current}
            zone={zone}
            total={total}
            today={today}
            isFast={sight.isFast}
            onFocus={setActive}
            picked={picked}
            onPick={onPick}
            lifted={dragged?.id ?? null}
          />
        ))}
        {dragged && <DropMark dragged={dragged} />}
        {dragged && <DragGhost dragged={dragged} />}
      </div>
      {!isManual && <Years pool={pool} layout={layout} years={years} onOlder={onOlder} isLoading={isLoading} />}
    </div>
  );
}
