/** The photos of one day. Its heading stays in sight while they scroll, and says how long before the next day they were taken. */
import { memo } from "react";
import { Link } from "wouter";
import { t } from "../../../i18n/photos";
import { day as dayOf, time } from "../../../i18n/format";
import { Icon } from "../../../ui/icons";
import { intervalOf, MANUAL, takenAt } from "./group";
import { type Block, type Cell, cellsIn } from "./layout";
import styles from "./Pool.module.css";
import type { How, Picked } from "../../../select/useSelection";
import { Thumb } from "./Thumb";
import { OPENED_HERE } from "./useViewer";

interface Props {
  patientId: string;
  block: Block;
  /** What is drawn of it, in the pool's lengths. */
  from: number;
  to: number;
  /** Drawn wherever they are. */
  always: readonly Cell[];
  /** The photo that is in the tab order. */
  current: string | null;
  zone: string | undefined;
  total: number;
  today: string;
  isFast: boolean;
  onFocus: (imageId: string) => void;
  picked: Picked | null;
  onPick: (imageId: string, how: How) => void;
  /** The photo that is being dragged. */
  lifted: string | null;
}

export function PoolDay(props: Props) {
  const { patientId, block, from, to, always, current, zone, total, today, isFast, onFocus, picked, onPick, lifted } = props;
  const { day, later } = block;
  const inSight = cellsIn(block.cells, from, to);
  const cells = [...inSight, ...always.filter((cell, at) => block.cells.includes(cell) && !inSight.includes(cell) && always.indexOf(cell) === at)];
  const id = `day-${day.key}`;
  const isManual = day.key === MANUAL;
  const since = isManual ? t.photos.arrangeHint : intervalOf(day, later, today);
  const name = isManual ? t.photos.orders.manual : dayOf(day.at, zone);
  return (
    <section aria-labelledby={id} className={styles.day} style={{ insetInlineStart: block.left, insetBlockStart: block.top, inlineSize: block.width, blockSize: block.height }}>
      <h2 id={id} className={styles.dayTitle} data-shared={block.isShared || undefined} style={{ blockSize: block.heading }}>
        <span className={styles.dayName}>{name}</span>
        <span className={styles.dayFacts}>
          <span>{since}</span>
          {!block.isShared && <span>{t.photos.total(day.images.length)}</span>}
        </span>
      </h2>
      <ul>
        {cells.map((cell) => (
          <PoolPhoto
            key={cell.image.id}
            patientId={patientId}
            cell={cell}
            left={cell.left - block.left}
            top={cell.top - block.top}
            isCurrent={cell.image.id === current}
            zone={zone}
            total={total}
            isFast={isFast}
            onFocus={onFocus}
            isPicked={picked && picked.has(cell.image.id)}
            onPick={onPick}
            isLifted={cell.image.id === lifted}
            isManual={isManual}
          />
        ))}
      </ul>
    </section>
  );
}

interface PhotoProps {
  patientId: string;
  cell: Cell;
  left: number;
  top: number;
  isCurrent: boolean;
  zone: string | undefined;
  total: number;
  isFast: boolean;
  onFocus: (imageId: string) => void;
  /** Null while no photos are being chosen: then it opens. */
  isPicked: boolean | null;
  onPick: (imageId: string, how: How) => void;
  isLifted: boolean;
  /** Beside photos of other days: then it says its own. */
  isManual: boolean;
}

const PoolPhoto = memo(function PoolPhoto({ patientId, cell, left, top, isCurrent, zone, total, isFast, onFocus, isPicked, onPick, isLifted, isManual }: PhotoProps) {
  const { image } = cell;
  const isChoosing = isPicked !== null;
  return (
    <li style={{ insetInlineStart: left, insetBlockStart: top, inlineSize: cell.width, blockSize: cell.height }}>
      <Link
        href={`/patients/${patientId}/photos/${image.id}`}
        data-cell={image.id}
        state={OPENED_HERE}
        className={styles.cell}
        data-lifted={isLifted || undefined}
        tabIndex={isCurrent ? 0 : -1}
        aria-describedby={isCurrent ? "pool-help" : undefined}
        onFocus={() => onFocus(image.id)}
        {...(isChoosing && { role: "checkbox", "aria-checked": isPicked })}
        // Before the link's own, which leaves clicks with Shift to the browser.
        onClickCapture={(event) => {
          if (!isChoosing) return;
          event.preventDefault();
          event.stopPropagation();
          onPick(image.id, event.shiftKey ? "range" : "toggle");
        }}
        onKeyDown={(event) => {
          if (!isChoosing || event.key !== " ") return;
          event.preventDefault();
          onPick(image.id, "toggle");
        }}
        onPointerEnter={(event) => {
          // Drawn over with the button held down; a finger scrolls instead.
          if (isChoosing && event.buttons === 1 && event.pointerType !== "touch") onPick(image.id, "add");
        }}
        onPointerLeave={(event) => {
          if (isChoosing && event.buttons === 1 && event.pointerType !== "touch") onPick(image.id, "add");
        }}
        onDragStart={(event) => {
          if (isChoosing) event.preventDefault();
        }}
      >
        <span className="visually-hidden">
          {t.photos.cell(cell.index + 1, total, takenAt(image, zone))}
          {image.incomplete && `. ${t.photos.incomplete}`}
        </span>
        <Thumb patientId={patientId} image={image} width={cell.width} isWaiting={isFast} />
        {isChoosing && (
          <span className={styles.pick} data-picked={isPicked || undefined} aria-hidden="true">
            {isPicked && <Icon name="check" size={18} />}
          </span>
        )}
        {image.incomplete && (
          <span className={styles.mark} title={t.photos.incomplete} aria-hidden="true">
            <Icon name="warn" size={16} />
          </span>
        )}
        <span className={styles.stamp} aria-hidden="true">
          {image.capturedAt ? (isManual ? dayOf : time)(image.capturedAt, zone) : t.photos.byUpload}
          {image.pages > 1 && ` · ${t.photos.pages(image.pages)}`}
        </span>
      </Link>
    </li>
  );
});
