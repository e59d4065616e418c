/** Similarities of the plane as matrices, `[a b; -b a]` with a shift: they turn, scale and move, and never mirror or distort. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Takes (x, y) to (a·x − b·y + x₀, b·x + a·y + y₀). */
export interface Matrix {
  readonly a: number;
  readonly b: number;
  readonly x: number;
  readonly y: number;
}

export const IDENTITY: Matrix = { a: 1, b: 0, x: 0, y: 0 };

const RADIANS = Math.PI / 180;

export const moved = (x: number, y: number): Matrix => ({ a: 1, b: 0, x, y });
export const scaled = (by: number): Matrix => ({ a: by, b: 0, x: 0, y: 0 });
/** Clockwise on a screen, in degrees. */
export const turned = (degrees: number): Matrix => ({ a: Math.cos(degrees * RADIANS), b: Math.sin(degrees * RADIANS), x: 0, y: 0 });

/** `outer` after `inner`. */
export const times = (outer: Matrix, inner: Matrix): Matrix => ({
  a: outer.a * inner.a - outer.b * inner.b,
  b: outer.b * inner.a + outer.a * inner.b,
  x: outer.a * inner.x - outer.b * inner.y + outer.x,
  y: outer.b * inner.x + outer.a * inner.y + outer.y,
});

/** The last one is done first. */
export const chain = (...all: readonly Matrix[]): Matrix => all.reduce(times, IDENTITY);

export function inverse({ a, b, x, y }: Matrix): Matrix {
  const size = a * a + b * b;
  const [c, s] = [a / size, -b / size];
  return { a: c, b: s, x: -(c * x - s * y), y: -(s * x + c * y) };
}

export const at = ({ a, b, x, y }: Matrix, point: Point): Point => ({ x: a * point.x - b * point.y + x, y: b * point.x + a * point.y + y });

export const scaleOf = ({ a, b }: Matrix): number => Math.hypot(a, b);
/** In degrees, from above −180 to 180. */
export const angleOf = ({ a, b }: Matrix): number => upright(Math.atan2(b, a) / RADIANS);

/** The same direction, from above −180 to 180 degrees. */
export function upright(degrees: number): number {
  const rest = ((degrees % 360) + 360) % 360;
  return (rest > 180 ? rest - 360 : rest) + 0;
}

/** The matrix that keeps `point` where it is. */
export const around = (point: Point, inner: Matrix): Matrix => chain(moved(point.x, point.y), inner, moved(-point.x, -point.y));

/** For `style.transform`. */
export const css = ({ a, b, x, y }: Matrix): string => `matrix(${a}, ${b}, ${-b}, ${a}, ${x}, ${y})`;

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
