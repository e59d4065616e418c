/**
 * What two changes of one text become together. The twin of the server's `merge.rs`; both pass the vectors in crates/live/vectors.
 *
 * Lines are never taken apart: a merge within a line makes of "10 mg" and "20 mg" a dose that nobody wrote.
 */
import { type Hunk, hunks, linesOf } from "./lines";

/**
 * Merges the change from `base` to `theirs`, which is stored, with the one from `base` to `ours`; null is a clash, and a person must
 * choose. What only one side changed is taken from it, also beside a line that the other changed. What both inserted at one place
 * stays, theirs first, and so does what both wrote instead of empty lines. The same change on both sides counts once.
 */
export function merge(base: string, theirs: string, ours: string): string | null {
  if (ours === base || ours === theirs) return theirs;
  if (theirs === base) return ours;
  const lines = linesOf(base);
  return together(lines, hunks(lines, linesOf(theirs)), hunks(lines, linesOf(ours)))?.join("\n") ?? null;
}

/** The same, and where it is a clash, their lines and then ours: what a person chose who wants both. */
export function keepBoth(base: string, theirs: string, ours: string): string {
  const lines = linesOf(base);
  return together(lines, hunks(lines, linesOf(theirs)), hunks(lines, linesOf(ours)), true)?.join("\n") ?? theirs;
}

function together(base: readonly string[], theirs: readonly Hunk[], ours: readonly Hunk[], isBoth = false): readonly string[] | null {
  const merged: string[] = [];
  let line = 0;
  let [their, our] = [0, 0];
  const take = (hunk: Hunk): void => {
    merged.push(...base.slice(line, hunk.from), ...hunk.lines);
    line = hunk.to;
  };
  for (let [one, other] = [theirs[their], ours[our]]; one || other; [one, other] = [theirs[their], ours[our]]) {
    if (one && other && isSame(one, other)) {
      take(one);
      their += 1;
      our += 1;
    } else if (one && other && meet(one, other)) {
      // Both wrote where there was nothing: an empty line holds no words that could be lost.
      const isNothing = base.slice(one.from, one.to).every((it) => it === "");
      if (one.from === other.from && one.to === other.to && isNothing) {
        take({ ...one, lines: [...one.lines, ...other.lines] });
        their += 1;
        our += 1;
      } else if (isBoth) {
        const clash = reach(theirs.slice(their), ours.slice(our));
        take({ from: clash.from, to: clash.to, lines: union(within(base, clash, clash.theirs), within(base, clash, clash.ours)) });
        their += clash.theirs.length;
        our += clash.ours.length;
      } else return null;
    } else if (one && (!other || comesFirst(one, other))) {
      take(one);
      their += 1;
    } else if (other) {
      take(other);
      our += 1;
    }
  }
  merged.push(...base.slice(line));
  return merged;
}

interface Clashing {
  readonly from: number;
  readonly to: number;
  readonly theirs: readonly Hunk[];
  readonly ours: readonly Hunk[];
}

/** How far the clash of the first two goes: what meets the one meets the other. */
function reach(theirs: readonly Hunk[], ours: readonly Hunk[]): Clashing {
  const from = Math.min(theirs[0]?.from ?? 0, ours[0]?.from ?? 0);
  let to = 0;
  const reached = (side: readonly Hunk[]): number => {
    let count = 0;
    for (; side[count] && (count === 0 || (side[count]?.from ?? 0) < to); count += 1) to = Math.max(to, side[count]?.to ?? 0);
    return count;
  };
  let [their, our] = [reached(theirs), reached(ours)];
  for (let former = -1; former < to; [their, our] = [reached(theirs), reached(ours)]) former = to;
  return { from, to, theirs: theirs.slice(0, their), ours: ours.slice(0, our) };
}

/** What one side made of these lines. */
function within(base: readonly string[], { from, to }: Clashing, side: readonly Hunk[]): readonly string[] {
  const lines: string[] = [];
  let line = from;
  for (const hunk of side) {
    lines.push(...base.slice(line, hunk.from), ...hunk.lines);
    line = hunk.to;
  }
  return [...lines, ...base.slice(line, to)];
}

/** All of theirs, with what ours has besides beneath it. */
function union(theirs: readonly string[], ours: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = 0;
  for (const hunk of hunks(theirs, ours)) {
    lines.push(...theirs.slice(line, hunk.to), ...hunk.lines);
    line = hunk.to;
  }
  return [...lines, ...theirs.slice(line)];
}

const isSame = (one: Hunk, other: Hunk): boolean =>
  one.from === other.from && one.to === other.to && one.lines.length === other.lines.length && one.lines.every((line, index) => line === other.lines[index]);

/** Whether two hunks change a common line, or one inserts within what the other changes. */
const meet = (one: Hunk, other: Hunk): boolean => one.from < other.to && other.from < one.to;

/** Of two that do not meet: by place; at one place what is inserted comes before what is changed, and theirs first. */
const comesFirst = (theirs: Hunk, ours: Hunk): boolean =>
  theirs.from === ours.from ? theirs.to === theirs.from || ours.to > ours.from : theirs.from < ours.from;
