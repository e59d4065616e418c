/** Which lines of a text were changed, as hunks. The twin of the server's `lines.rs`: both must come to the same result. */

/** The most cells that are looked at to find which lines stayed; beyond, everything between what both texts begin and end with counts as one change. */
const MOST_CELLS = 1 << 22;

/** Lines `from` to `to` (not included) of the base became these; equal numbers mean that something was inserted there. */
export interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** The lines of a text; an empty text has none. */
export const linesOf = (text: string): readonly string[] => (text === "" ? [] : text.split("\n"));

/** How many elements two sequences have in common at their beginning, and of the rest at their end. */
export function common(one: ArrayLike<unknown>, other: ArrayLike<unknown>): readonly [number, number] {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < most - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  return [start, end];
}

/** What was changed, from the beginning to the end. */
export function hunks(base: readonly string[], next: readonly string[]): readonly Hunk[] {
  const [start, end] = common(base, next);
  const old = base.slice(start, base.length - end);
  const now = next.slice(start, next.length - end);
  if (old.length === 0 && now.length === 0) return [];
  if (old.length * now.length > MOST_CELLS) return lineByLine(start, old.length, now);
  const found: Hunk[] = [];
  let from = 0;
  let linesFrom = 0;
  for (const [row, column] of [...kept(old, now), [old.length, now.length] as const]) {
    if (row > from || column > linesFrom) found.push(...lineByLine(start + from, row - from, now.slice(linesFrom, column)));
    from = row + 1;
    linesFrom = column + 1;
  }
  return found;
}

/** As many lines for as many are that many changes of one line each: neighbours do not disturb each other. */
function lineByLine(from: number, count: number, lines: readonly string[]): readonly Hunk[] {
  if (count !== lines.length) return [{ from, to: from + count, lines }];
  return lines.map((line, index) => ({ from: from + index, to: from + index + 1, lines: [line] }));
}

/** A longest common subsequence; of several the one that keeps what stands earlier in the new text. */
function kept(old: readonly string[], now: readonly string[]): readonly (readonly [number, number])[] {
  if (old.length === 0 || now.length === 0) return [];
  const width = now.length + 1;
  const cells = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number): number => cells[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      cells[row * width + column] = old[row] === now[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length && column < now.length) {
    if (old[row] === now[column]) {
      pairs.push([row, column]);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}
