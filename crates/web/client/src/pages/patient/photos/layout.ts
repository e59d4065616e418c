/**
 * Where each photo of a pool lies (F5): rows of equal height that fill the width, a day with many photos on its own, days with few
 * side by side. Arithmetic only; lengths in CSS pixels, from the pool's upper start corner.
 */
import type { Image } from "../../../api/types";
import type { Day } from "./group";

export interface Metrics {
  readonly width: number;
  /** The height of a row as far as the width allows it. */
  readonly row: number;
  readonly gap: number;
  /** Between days that lie side by side, and below a day. */
  readonly dayGap: number;
  /** The heading of a day that has the width for itself, and of one among others. */
  readonly heading: number;
  readonly caption: number;
  /** What the heading of the narrowest day needs. */
  readonly narrowest: number;
}

export interface Cell {
  readonly image: Image;
  /** Its place in the pool, from 0. */
  readonly index: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Block {
  readonly day: Day;
  /** The day before it in the list, which is later in time. */
  readonly later: Day | undefined;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** How much of its height is its heading. */
  readonly heading: number;
  /** Whether other days lie beside it. */
  readonly isShared: boolean;
  readonly cells: readonly Cell[];
}

export interface Layout {
  readonly height: number;
  /** By `top`; blocks of one band have the same. */
  readonly blocks: readonly Block[];
  readonly cells: readonly Cell[];
  readonly places: ReadonlyMap<string, Cell>;
}

/** Beyond these a photo is shown cut, so that a panorama or a slip of paper doesn't make the others tiny. */
const NARROWEST = 0.5;
const WIDEST = 2.4;
/** How far a row may grow or shrink to fill the width. */
const GROWTH = 1.35;
const SHRINK = 0.72;
/** A day that fills more of the width than this has it for itself. */
const SMALL = 0.62;

const shape = ({ width, height }: Image): number => Math.min(WIDEST, Math.max(NARROWEST, height > 0 ? width / height : 1));
const shapes = (images: readonly Image[]): number => images.reduce((sum, image) => sum + shape(image), 0);
const gaps = (amount: number, gap: number): number => Math.max(0, amount - 1) * gap;

export function layOut(days: readonly Day[], m: Metrics): Layout {
  const blocks: Block[] = [];
  let top = 0;
  let index = 0;
  let band: { day: Day; later: Day | undefined }[] = [];

  const widthOf = ({ day }: { day: Day }, height: number): number => Math.max(m.narrowest, shapes(day.images) * height + gaps(day.images.length, m.gap));
  const bandWidth = (height: number): number => band.reduce((sum, it) => sum + widthOf(it, height), 0) + gaps(band.length, m.dayGap);
  const widthWith = (one: { day: Day }, height: number): number => bandWidth(height) + m.dayGap + widthOf(one, height);

  const flush = (isFull: boolean) => {
    if (band.length === 0) return;
    const height = fill(bandWidth, m, isFull);
    // One that was left over has the width for its heading, which says as much as that of a day with many photos.
    const isShared = band.length > 1;
    const heading = isShared ? m.caption : m.heading;
    let left = 0;
    for (const { day, later } of band) {
      const width = isShared ? Math.min(m.width, widthOf({ day }, height)) : m.width;
      const cells = inARow(day.images, index, left, top + heading, height, m);
      index += day.images.length;
      blocks.push({ day, later, left, top, width, height: heading + height, heading, isShared, cells });
      left += width + m.dayGap;
    }
    top += heading + height + m.dayGap;
    band = [];
  };

  days.forEach((day, at) => {
    const one = { day, later: days[at - 1] };
    if (widthOf(one, m.row) > m.width * SMALL) {
      flush(false);
      const { cells, height } = rows(day.images, index, top + m.heading, m);
      index += day.images.length;
      blocks.push({ ...one, left: 0, top, width: m.width, height: m.heading + height, heading: m.heading, isShared: false, cells });
      top += m.heading + height + m.dayGap;
      return;
    }
    // Into the band while it gets no wider by it than shrinking can help; headings don't shrink.
    if (band.length > 0 && (widthWith(one, m.row) * (SHRINK + 1) > m.width * 2 || widthWith(one, m.row * SHRINK) > m.width)) flush(true);
    band.push(one);
  });
  flush(false);

  const cells = blocks.flatMap((block) => block.cells);
  return { height: Math.max(0, top - m.dayGap), blocks, cells, places: new Map(cells.map((cell) => [cell.image.id, cell])) };
}

/** The height at which something as wide as `widthAt` says fills the width, within bounds; one that isn't full doesn't grow. */
function fill(widthAt: (height: number) => number, m: Metrics, isFull: boolean): number {
  let low = m.row * SHRINK * 0.6;
  let high = isFull ? m.row * GROWTH : m.row;
  if (widthAt(high) <= m.width) return high;
  for (let step = 0; step < 24; step += 1) {
    const middle = (low + high) / 2;
    if (widthAt(middle) > m.width) high = middle;
    else low = middle;
  }
  return low;
}

function inARow(images: readonly Image[], from: number, left: number, top: number, height: number, m: Metrics): Cell[] {
  let at = left;
  return images.map((image, offset) => {
    const width = Math.min(m.width, shape(image) * height);
    const cell = { image, index: from + offset, left: at, top, width, height };
    at += width + m.gap;
    return cell;
  });
}

/** The rows of a day that has the width for itself. */
function rows(images: readonly Image[], from: number, top: number, m: Metrics): { cells: Cell[]; height: number } {
  const cells: Cell[] = [];
  let at = top;
  let row: Image[] = [];
  const widthAt = (height: number): number => shapes(row) * height + gaps(row.length, m.gap);
  const flush = (isFull: boolean) => {
    if (row.length === 0) return;
    const height = fill(widthAt, m, isFull);
    cells.push(...inARow(row, from + cells.length, 0, at, height, m));
    at += height + m.gap;
    row = [];
  };
  for (const image of images) {
    const before = widthAt(m.row);
    row.push(image);
    const after = widthAt(m.row);
    if (after < m.width) continue;
    // Whichever is nearer to the width: with this photo or without it.
    if (row.length > 1 && m.width - before < after - m.width) {
      row.pop();
      flush(true);
      row = [image];
    } else flush(true);
  }
  // A last row that is nearly full looks better filled.
  flush(row.length > 0 && widthAt(m.row) > m.width * 0.8);
  return { cells, height: at - top - m.gap };
}

/** The blocks that touch a part of the pool, by their place in the list. */
export function blocksIn({ blocks }: Layout, from: number, to: number): { first: number; end: number } {
  // Bands follow each other; the first one that ends below `from`.
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const block = blocks[middle];
    if (block && block.top + block.height < from) low = middle + 1;
    else high = middle;
  }
  // Blocks of one band are equally high, so none before it reaches further down.
  let end = low;
  while (end < blocks.length && (blocks[end]?.top ?? 0) <= to) end += 1;
  return { first: low, end };
}

export function cellsIn(cells: readonly Cell[], from: number, to: number): readonly Cell[] {
  return cells.filter((cell) => cell.top + cell.height >= from && cell.top <= to);
}
