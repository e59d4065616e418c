/** Paths from points: figures are drawn as lists of them, "x,y x,y …". */

type Point = readonly [number, number];

export const points = (list: string): readonly Point[] =>
  list
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [x = 0, y = 0] = pair.split(",").map(Number);
      return [x, y] as const;
    });

const tenth = (value: number): number => Math.round(value * 10) / 10;
const at = ([x, y]: Point): string => `${tenth(x)},${tenth(y)}`;

/** A line that goes smoothly through all of its points (Catmull-Rom, as cubic Béziers). */
export function curve(list: readonly Point[], isClosed: boolean): string {
  const amount = list.length;
  const get = (index: number): Point => {
    const place = isClosed ? (index + amount) % amount : Math.min(amount - 1, Math.max(0, index));
    return list[place] ?? [0, 0];
  };
  const parts = [`M${at(get(0))}`];
  for (let index = 0; index < (isClosed ? amount : amount - 1); index += 1) {
    const [before, from, to, after] = [get(index - 1), get(index), get(index + 1), get(index + 2)];
    const one: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const two: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    parts.push(`C${at(one)} ${at(two)} ${at(to)}`);
  }
  return parts.join("") + (isClosed ? "Z" : "");
}

/** Straight from corner to corner. */
export const polygon = (list: readonly Point[]): string => `M${list.map(at).join("L")}Z`;

/** The other half of what is drawn beside a middle line. */
export const mirrored = (list: readonly Point[], width: number): readonly Point[] => list.map(([x, y]) => [tenth(width - x), y] as const);

/** A whole outline from its half, which begins and ends on the middle line. */
export const bothHalves = (half: readonly Point[], width: number): readonly Point[] => [...half, ...mirrored(half, width).slice(1, -1).toReversed()];
