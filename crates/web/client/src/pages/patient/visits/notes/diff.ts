/** What changed between two versions of the notes, line by line. */
export interface Run {
  readonly kind: "same" | "added" | "removed" | "skipped";
  readonly lines: readonly string[];
}

/** Lines of the same text that are shown around a change. */
const AROUND = 2;
/** Beyond so many pairs of lines, what differs is shown as a whole: a table of them would take too long. */
const MOST_PAIRS = 4_000_000;

/** All of the first text that is not in the second is removed, and the other way round; the common lines are as many as can be. */
export function changesBetween(before: string, after: string): Run[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return shortened(joined([{ kind: "same", lines: a.slice(0, head) }, ...middle, { kind: "same", lines: a.slice(a.length - tail) }]));
}

function between(a: readonly string[], b: readonly string[]): Run[] {
  if (a.length === 0 || b.length === 0 || a.length * b.length > MOST_PAIRS) {
    return [
      { kind: "removed", lines: a },
      { kind: "added", lines: b },
    ];
  }
  // How many lines the rests have in common, from each pair of places on.
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i] === b[j] ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  const runs: Run[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      runs.push({ kind: "same", lines: [a[i] ?? ""] });
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))) {
      runs.push({ kind: "removed", lines: [a[i] ?? ""] });
      i += 1;
    } else {
      runs.push({ kind: "added", lines: [b[j] ?? ""] });
      j += 1;
    }
  }
  return runs;
}

function joined(runs: readonly Run[]): Run[] {
  const all: { kind: Run["kind"]; lines: string[] }[] = [];
  for (const { kind, lines } of runs) {
    if (lines.length === 0) continue;
    const last = all.at(-1);
    if (last?.kind === kind) last.lines.push(...lines);
    else all.push({ kind, lines: [...lines] });
  }
  return all;
}

/** Long stretches of the same text are left out between the changes. */
function shortened(runs: readonly Run[]): Run[] {
  return runs.flatMap((run, at): Run[] => {
    if (run.kind !== "same") return [run];
    const before = at === 0 ? 0 : AROUND;
    const after = at === runs.length - 1 ? 0 : AROUND;
    if (run.lines.length <= before + after + 1) return [run];
    const parts: Run[] = [
      { kind: "same", lines: run.lines.slice(0, before) },
      { kind: "skipped", lines: run.lines.slice(before, run.lines.length - after) },
      { kind: "same", lines: after === 0 ? [] : run.lines.slice(-after) },
    ];
    return parts.filter((part) => part.lines.length > 0);
  });
}
