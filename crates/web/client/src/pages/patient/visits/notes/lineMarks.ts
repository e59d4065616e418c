/**
 * The marks at the beginning of a line: headings and items. Read run by run, because one pattern for the whole line would try a long
 * run of spaces again from each of its places, and a line could take seconds.
 */
const MOST_LEVELS = 6;
/** Runs of one kind, with nothing after them that could fail. */
const SPACES = /\s*/y;
const DIGITS = /\d{0,9}/y;
const HASHES = /#*/y;

/** Where a run that begins there ends. */
function runOf(line: string, from: number, run: RegExp): number {
  run.lastIndex = from;
  return from + (run.exec(line)?.[0].length ?? 0);
}

/** `## Heading`, with marks at the end or without. */
export function headingOf(line: string): { readonly level: number; readonly text: string } | null {
  const level = runOf(line, 0, HASHES);
  if (level === 0 || level > MOST_LEVELS || runOf(line, level, SPACES) === level) return null;
  const text = line.slice(level).trim();
  let end = text.length;
  while (text[end - 1] === "#") end -= 1;
  const bare = text.slice(0, end).trimEnd();
  return { level, text: bare.length < end ? bare : text };
}

export interface ItemMark {
  readonly indent: string;
  /** One of `-`, `*` and `+`; null in a numbered list. */
  readonly bullet: string | null;
  readonly number: string;
  /** After the number. */
  readonly sign: string;
  readonly space: string;
  readonly rest: string;
}

/** `- item`, `1. item` or `1) item`. */
export function itemOf(line: string): ItemMark | null {
  const from = runOf(line, 0, SPACES);
  const digits = runOf(line, from, DIGITS);
  const mark = line[digits] ?? "";
  const isNumbered = digits > from;
  if (mark === "" || !(isNumbered ? ".)" : "-*+").includes(mark)) return null;
  const rest = runOf(line, digits + 1, SPACES);
  if (rest === digits + 1) return null;
  return {
    indent: line.slice(0, from),
    bullet: isNumbered ? null : mark,
    number: line.slice(from, digits),
    sign: isNumbered ? mark : "",
    space: line.slice(digits + 1, rest),
    rest: line.slice(rest),
  };
}
