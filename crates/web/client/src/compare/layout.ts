/** Where the frames of a group lie on the stage, in CSS pixels. All of them have the same size. */
import type { Extent } from "./view";

export const MODES = ["side_by_side", "grid", "split", "overlay", "blink", "difference", "timeline"] as const;
export type Mode = (typeof MODES)[number];
export const LAYOUTS = ["auto", "row", "column", "two", "three", "four"] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Two photos in one frame. */
export const isPaired = (mode: Mode): boolean => mode === "split" || mode === "overlay" || mode === "blink" || mode === "difference";
/** Frames beside each other, in an order that can be chosen. */
export const hasLayout = (mode: Mode): boolean => mode === "side_by_side" || mode === "grid";

export interface Frames {
  /** The left upper corners, in order. */
  readonly corners: readonly { readonly x: number; readonly y: number }[];
  readonly frame: Extent;
  /** How large all of them are together: more than the stage where it has to be scrolled. */
  readonly whole: Extent;
}

const GAP = 2;
/** No frame is smaller. */
const LEAST = 150;
/** Between frames of the timeline: the interval stands there. */
const INTERVAL = 16;
/** What the axis takes of the timeline's height. */
export const AXIS = 72;

const COLUMNS: Readonly<Record<Exclude<Layout, "auto">, (amount: number) => number>> = { row: (amount) => amount, column: () => 1, two: () => 2, three: () => 3, four: () => 4 };

/** With how many columns photos of that shape are largest. */
function bestColumns(choices: readonly number[], amount: number, stage: Extent, shape: number): number {
  const size = (columns: number): number => {
    const rows = Math.ceil(amount / columns);
    return Math.min(stage.width / columns, (stage.height / rows) * shape);
  };
  return choices.reduce((best, columns) => (size(columns) > size(best) * 1.001 ? columns : best), choices[0] ?? 1);
}

/** `shape` is the width of the usual photo by its height. */
export function framesOf(mode: Mode, layout: Layout, amount: number, stage: Extent, shape: number): Frames {
  if (isPaired(mode) || amount === 0) return { corners: Array.from({ length: amount }, () => ({ x: 0, y: 0 })), frame: stage, whole: stage };
  const isTimeline = mode === "timeline";
  const gap = isTimeline ? INTERVAL : GAP;
  const room = { width: stage.width, height: Math.max(1, stage.height - (isTimeline ? AXIS : 0)) };
  const all = Array.from({ length: amount }, (_, index) => index + 1);
  const automatic = mode === "side_by_side" && amount <= 4 ? [amount, 1] : all;
  const wanted = isTimeline ? amount : layout === "auto" ? bestColumns(automatic, amount, room, shape) : COLUMNS[layout](amount);
  const columns = Math.min(wanted, amount);
  const rows = Math.ceil(amount / columns);
  const width = Math.max(LEAST, (room.width - gap * (columns - 1)) / columns);
  const height = Math.max(LEAST, (room.height - gap * (rows - 1)) / rows);
  const corners = all.map((_, index) => ({ x: (index % columns) * (width + gap), y: Math.floor(index / columns) * (height + gap) }));
  return { corners, frame: { width, height }, whole: { width: columns * (width + gap) - gap, height: rows * (height + gap) - gap + (isTimeline ? AXIS : 0) } };
}
