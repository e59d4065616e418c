/** Two versions of a text, without what they begin and end with alike: whole lines, and one of them on each side for orientation. */
export interface Differing {
  readonly mine: string;
  readonly theirs: string;
}

const MARK = "…";

export function differing(mine: string, theirs: string): Differing {
  const [a, b] = [mine.split("\n"), theirs.split("\n")];
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const from = Math.max(0, head - 1);
  const rest = Math.max(0, tail - 1);
  const cut = (lines: readonly string[]): string =>
    [...(from > 0 ? [MARK] : []), ...lines.slice(from, lines.length - rest), ...(rest > 0 ? [MARK] : [])].join("\n");
  return { mine: cut(a), theirs: cut(b) };
}
