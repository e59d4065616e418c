/**
 * The similarity (turn, size and place, never a mirroring or a distortion) that takes marked points of one photo to those of the
 * first with the least squares of what remains: Umeyama's solution without reflection. The twin of the server's crate `compare`,
 * with its limits; both pass `crates/compare/vectors/similarity.json`.
 */
import { at, chain, type Matrix, moved, type Point, scaled, turned } from "./matrix";

export const NEAREST_SHARE = 0.01;
export const MOST_RESIDUAL_SHARE = 0.02;
export const NARROWEST = 0.05;
const SCALES = { least: 0.05, most: 40 } as const;

/** Points in pixels of an upright photo that is so wide. */
export interface Landmarks {
  readonly width: number;
  readonly points: readonly Point[];
}

type Side = "reference" | "image";

/** How many pixels of the first photo one of this takes, degrees clockwise, and where its upper left corner comes to lie. */
export interface Similarity {
  readonly scale: number;
  readonly rotation: number;
  readonly translation: Point;
}

export interface Found {
  readonly similarity: Similarity;
  /** How far landmarks are from where they should be: root mean square, in pixels of the first photo. */
  readonly residualPixels: number;
  /** The same as a share of its width. */
  readonly residualShare: number;
  /** Which pair is furthest apart, counted from 0. */
  readonly worst: number;
  /** Two pairs always fit exactly, so that a misplaced one cannot be noticed. */
  readonly isChecked: boolean;
}

export type NoFit =
  | { readonly code: "not_finite" | "too_few" | "too_many" }
  | { readonly code: "counts"; readonly reference: number; readonly image: number }
  | { readonly code: "too_close"; readonly side: Side; readonly first: number; readonly second: number }
  | { readonly code: "in_line"; readonly side: Side }
  | { readonly code: "scale"; readonly share: number }
  | { readonly code: "residual"; readonly pixels: number; readonly share: number; readonly worst: number };

export type Fit = Found | { readonly problem: NoFit };

export const isFound = (found: Fit | null): found is Found => found !== null && "similarity" in found;

/** There are simply not yet enough landmarks. */
export const isIncomplete = ({ code }: NoFit): boolean => code === "counts" || code === "too_few";

export const matrixOf = ({ scale, rotation, translation }: Similarity): Matrix => chain(moved(translation.x, translation.y), turned(rotation), scaled(scale));

const distance = (one: Point, other: Point): number => Math.hypot(other.x - one.x, other.y - one.y);

const no = (problem: NoFit): Fit => ({ problem });

export function fit(reference: Landmarks, image: Landmarks): Fit {
  const [to, from] = [inWidths(reference), inWidths(image)];
  if (!to || !from) return no({ code: "not_finite" });
  if (to.length !== from.length) return no({ code: "counts", reference: to.length, image: from.length });
  if (to.length < 2) return no({ code: "too_few" });
  if (to.length > 4) return no({ code: "too_many" });
  const sides: readonly (readonly [Side, readonly Point[]])[] = [["reference", to], ["image", from]];
  for (const [side, points] of sides) {
    const near = tooClose(points);
    if (near) return no({ code: "too_close", side, first: near[0], second: near[1] });
  }
  for (const [side, points] of sides) if (isLine(points)) return no({ code: "in_line", side });
  const found = leastSquares(to, from);
  if (!Number.isFinite(found.scale)) return no({ code: "not_finite" });
  if (found.scale < SCALES.least || found.scale > SCALES.most) return no({ code: "scale", share: found.scale });
  const matrix = matrixOf(found);
  const missed = from.map((point, index) => distance(at(matrix, point), to[index] as Point));
  const residualShare = Math.sqrt(missed.reduce((sum, by) => sum + by * by, 0) / missed.length);
  const residualPixels = residualShare * reference.width;
  const worst = missed.reduce((most, by, index) => (by > (missed[most] ?? 0) ? index : most), 0);
  const similarity: Similarity = {
    scale: found.scale * (reference.width / image.width),
    rotation: found.rotation,
    translation: { x: found.translation.x * reference.width, y: found.translation.y * reference.width },
  };
  const all = [similarity.scale, similarity.translation.x, similarity.translation.y, residualPixels];
  if (!all.every(Number.isFinite) || similarity.scale <= 0) return no({ code: "not_finite" });
  if (residualShare > MOST_RESIDUAL_SHARE) return no({ code: "residual", pixels: residualPixels, share: residualShare, worst });
  return { similarity, residualPixels, residualShare, worst, isChecked: to.length > 2 };
}

/** So that sums of squares stay far from the ends of what a number holds. */
function inWidths({ width, points }: Landmarks): readonly Point[] | null {
  if (!Number.isFinite(width) || width <= 0) return null;
  const shares = points.map(({ x, y }) => ({ x: x / width, y: y / width }));
  return shares.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)) ? shares : null;
}

function tooClose(points: readonly Point[]): readonly [number, number] | null {
  for (const [second, point] of points.entries()) {
    const first = points.slice(0, second).findIndex((other) => distance(other, point) < NEAREST_SHARE);
    if (first >= 0) return [first, second];
  }
  return null;
}

const centre = (points: readonly Point[]): Point => ({ x: points.reduce((sum, it) => sum + it.x, 0) / points.length, y: points.reduce((sum, it) => sum + it.y, 0) / points.length });

/** Whether three or more spread across a line too little. */
function isLine(points: readonly Point[]): boolean {
  if (points.length < 3) return false;
  const middle = centre(points);
  let [across, down, both] = [0, 0, 0];
  for (const point of points) {
    const [x, y] = [point.x - middle.x, point.y - middle.y];
    across += x * x;
    down += y * y;
    both += x * y;
  }
  const larger = (across + down) / 2 + Math.hypot((across - down) / 2, both);
  return across * down - both * both < NARROWEST * NARROWEST * larger * larger;
}

function leastSquares(to: readonly Point[], from: readonly Point[]): Similarity {
  const [middleTo, middleFrom] = [centre(to), centre(from)];
  let [real, imaginary, squares] = [0, 0, 0];
  for (const [index, point] of from.entries()) {
    const goal = to[index] as Point;
    const [tx, ty] = [goal.x - middleTo.x, goal.y - middleTo.y];
    const [fx, fy] = [point.x - middleFrom.x, point.y - middleFrom.y];
    real += fx * tx + fy * ty;
    imaginary += fx * ty - fy * tx;
    squares += fx * fx + fy * fy;
  }
  const degrees = (Math.atan2(imaginary, real) * 180) / Math.PI;
  const turn: Similarity = { scale: Math.hypot(real, imaginary) / squares, rotation: degrees <= -180 ? 180 : degrees, translation: { x: 0, y: 0 } };
  const shift = at(matrixOf(turn), middleFrom);
  return { ...turn, translation: { x: middleTo.x - shift.x, y: middleTo.y - shift.y } };
}
