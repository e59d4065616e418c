/** A signature as numbers: what is sent, and whether it is one at all (N3: a blank one is never recorded). */

export interface StrokePoint {
  x: number;
  y: number;
  /** Milliseconds since the first point. */
  t: number;
}
export type Stroke = StrokePoint[];

interface PadPoint {
  readonly x: number;
  readonly y: number;
  readonly time: number;
}

const tenth = (value: number): number => Math.round(value * 10) / 10;

/** The pad's points with times from the first one on, places to a tenth of a pixel. */
export function strokesOf(groups: readonly { readonly points: readonly PadPoint[] }[]): Stroke[] {
  const first = groups[0]?.points[0]?.time ?? 0;
  return groups
    .filter((group) => group.points.length > 0)
    .map((group) =>
      group.points.map((point) => ({ x: tenth(point.x), y: tenth(point.y), t: Math.max(0, Math.round(point.time - first)) })),
    );
}

function length(stroke: Stroke): number {
  let sum = 0;
  stroke.forEach((point, index) => {
    const before = stroke[index - 1];
    if (before) sum += Math.hypot(point.x - before.x, point.y - before.y);
  });
  return sum;
}

/** Below this much ink (CSS pixels) it is a dot or a slip of the finger. */
export const LEAST_INK = 40;

export type Ink = "none" | "short" | "enough";

export function inkOf(strokes: readonly Stroke[]): Ink {
  if (strokes.length === 0) return "none";
  const sum = strokes.reduce((total, stroke) => total + length(stroke), 0);
  return sum < LEAST_INK ? "short" : "enough";
}
