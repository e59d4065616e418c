/** How long a line is, by a ruler in the same photo: the twin of the server's `compare::measure`, where the model is derived. */
import type { Ruler } from "./group";
import type { Point } from "./matrix";
import type { Extent } from "./view";

/** How exactly a person places an end of a line: one standard deviation, as a share of the photo's width. */
const PLACEMENT_SHARE = 0.0015;
export const SHORTEST_RULER_SHARE = 0.02;
/** Twice the standard uncertainty covers about 95 % (GUM). */
const COVERAGE = 2;

/** Both in millimetres. */
export interface Measurement {
  readonly millimetres: number;
  readonly uncertainty: number;
}

export type NoMeasure = "not_finite" | "short_ruler";

/** Points in pixels of the upright photo, which is so wide. */
export function measure(width: number, ruler: Ruler, from: Point, to: Point): Measurement | NoMeasure {
  const positive = [width, ruler.millimetres];
  const ends = [ruler.from, ruler.to, from, to];
  if (!positive.every((it) => Number.isFinite(it) && it > 0) || !ends.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) return "not_finite";
  const long = (one: Point, other: Point): number => Math.hypot(other.x / width - one.x / width, other.y / width - one.y / width);
  const known = long(ruler.from, ruler.to);
  if (known < SHORTEST_RULER_SHARE) return "short_ruler";
  const times = long(from, to) / known;
  const millimetres = ruler.millimetres * times;
  const uncertainty = ((COVERAGE * ruler.millimetres) / known) * PLACEMENT_SHARE * Math.SQRT2 * Math.hypot(1, times);
  return Number.isFinite(millimetres) && Number.isFinite(uncertainty) ? { millimetres, uncertainty } : "not_finite";
}

/** The same for points in shares of the photo. */
export function measureIn({ width, height }: Extent, ruler: Ruler, from: Point, to: Point): Measurement | NoMeasure {
  const pixels = ({ x, y }: Point): Point => ({ x: x * width, y: y * height });
  return measure(width, { ...ruler, from: pixels(ruler.from), to: pixels(ruler.to) }, pixels(from), pixels(to));
}
