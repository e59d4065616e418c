/**
 * Notes as people write them (E1): headings, bold, italic, lists and links of Markdown, and nothing else. What is no markup stays as
 * it was typed, HTML included. Read in one pass, so that no text takes long, whatever it holds.
 *
 * Our own instead of a library: those bring three to twenty times the code for tables, code, images and raw HTML, which would have
 * to be switched off again, and most give a string of HTML. This gives values, of which React makes elements.
 */
import { headingOf, itemOf } from "./lineMarks";

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bold" | "italic"; readonly parts: readonly Inline[] }
  /** Shown with its address, and not followed: no page of Cutis leads out of the building. */
  | { readonly kind: "link"; readonly parts: readonly Inline[]; readonly to: string };

export interface ListItem {
  /** Its lines. */
  readonly lines: readonly (readonly Inline[])[];
  readonly lists: readonly List[];
}

export interface List {
  readonly kind: "list";
  readonly isNumbered: boolean;
  readonly start: number;
  readonly items: readonly ListItem[];
}

export type Block =
  | { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly parts: readonly Inline[] }
  /** Each line is one of its own: who presses Enter means it. */
  | { readonly kind: "paragraph"; readonly lines: readonly (readonly Inline[])[] }
  | List;

const MAX_DEPTH = 6;

export function parse(text: string): Block[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const blocks: Block[] = [];
  let paragraph: (readonly Inline[])[] = [];
  const close = () => {
    if (paragraph.length > 0) blocks.push({ kind: "paragraph", lines: paragraph });
    paragraph = [];
  };
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const heading = headingOf(line);
    if (heading) {
      close();
      blocks.push({ kind: "heading", level: levelOf(heading.level), parts: inline(heading.text) });
      at += 1;
    } else if (itemOf(line)) {
      close();
      const { list, end } = listFrom(lines, at, 0);
      blocks.push(list);
      at = end;
    } else {
      if (line.trim() === "") close();
      else paragraph.push(inline(line.trim()));
      at += 1;
    }
  }
  close();
  return blocks;
}

/** The text without its marks, as a short form shows it: a line for each line. */
export function unmarked(text: string): string {
  const words = (parts: readonly Inline[]): string => parts.map((part) => (part.kind === "text" ? part.text : words(part.parts))).join("");
  const lines = text.split("\n").map((line) => words(inline(headingOf(line)?.text ?? line.trim())));
  return lines.filter((line) => line !== "").join("\n");
}

const levelOf = (marks: number): 1 | 2 | 3 => (marks <= 1 ? 1 : marks === 2 ? 2 : 3);

interface Made {
  lines: (readonly Inline[])[];
  lists: List[];
}

/** A list that begins at that line: items of the same indent and kind, with lists that are indented further inside them. */
function listFrom(lines: readonly string[], from: number, depth: number): { list: List; end: number } {
  const first = itemOf(lines[from] ?? "");
  const indent = first?.indent ?? "";
  const isNumbered = first?.bullet === null;
  const items: Made[] = [];
  let at = from;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const found = itemOf(line);
    const last = items.at(-1);
    if (found) {
      const { indent: own, bullet, rest } = found;
      if (last && own.length > indent.length && depth < MAX_DEPTH) {
        const inner = listFrom(lines, at, depth + 1);
        last.lists.push(inner.list);
        at = inner.end;
        continue;
      }
      if (own.length < indent.length || (bullet === null) !== isNumbered) break;
      items.push({ lines: [inline(rest.trim())], lists: [] });
    } else if (line.trim() === "" || !last || !/^\s/.test(line)) {
      break;
    } else {
      // Indented below an item: it belongs to it.
      last.lines.push(inline(line.trim()));
    }
    at += 1;
  }
  return { list: { kind: "list", isNumbered, start: isNumbered ? Number(first.number) : 1, items }, end: Math.max(at, from + 1) };
}

const MARKS = ["**", "__", "*", "_"] as const;
/** Up to the next character that may mean something. */
const PLAIN = /[^\\[*_]+/y;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char);

/** The parts of one line. */
export function inline(text: string, depth = 0): Inline[] {
  const parts: Inline[] = [];
  /** What was looked for and is not in the rest of the line is not looked for again. */
  const absent = new Set<string>();
  const places = new Places(text);
  let plain = "";
  const flush = () => {
    if (plain) parts.push({ kind: "text", text: plain });
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    PLAIN.lastIndex = at;
    const run = PLAIN.exec(text)?.[0];
    if (run) {
      plain += run;
      at += run.length;
      continue;
    }
    const char = text[at] ?? "";
    const next = text[at + 1];
    if (char === "\\" && next !== undefined && PUNCTUATION.test(next)) {
      plain += next;
      at += 2;
      continue;
    }
    const link = char === "[" && depth < MAX_DEPTH ? linkAt(text, at, places) : null;
    if (link) {
      flush();
      parts.push({ kind: "link", parts: inline(link.label, depth + 1), to: link.to });
      at = link.end;
      continue;
    }
    const mark = depth < MAX_DEPTH ? MARKS.find((it) => text.startsWith(it, at)) : undefined;
    const end = mark && opens(text, at, mark) && !absent.has(mark) ? closing(text, at + mark.length, mark) : null;
    if (mark && end === -1) absent.add(mark);
    if (mark && end !== null && end > 0) {
      flush();
      parts.push({ kind: mark.length === 2 ? "bold" : "italic", parts: inline(text.slice(at + mark.length, end), depth + 1) });
      at = end + mark.length;
      continue;
    }
    plain += mark ?? char;
    at += mark?.length ?? 1;
  }
  flush();
  return parts;
}

/** A mark opens before what is no space; an underscore not inside a word, as in file names. */
function opens(text: string, at: number, mark: string): boolean {
  const after = text[at + mark.length];
  if (after === undefined || /\s/.test(after)) return false;
  return !(mark.startsWith("_") && isWord(text[at - 1]));
}

/** Where a mark closes; -1 where it does not. */
function closing(text: string, from: number, mark: string): number {
  let at = text.indexOf(mark, from);
  while (at >= 0) {
    const before = text[at - 1] ?? " ";
    const after = text[at + mark.length];
    const isPart = mark.length === 1 && (after === mark || before === mark);
    const isInWord = mark.startsWith("_") && isWord(after);
    if (at > from && !/[\s\\]/.test(before) && !isPart && !isInWord) return at;
    at = text.indexOf(mark, at + (isPart && after === mark ? 2 : 1));
  }
  return -1;
}

/** Where the next of something is. A line is read forwards, so what was found once is looked for again only behind it. */
class Places {
  private readonly known = new Map<string, number>();

  constructor(private readonly text: string) {}

  after(what: string, from: number): number {
    const known = this.known.get(what);
    if (known !== undefined && (known < 0 || known >= from)) return known;
    const found = this.text.indexOf(what, from);
    this.known.set(what, found);
    return found;
  }
}

/** `[label](address)`, an address having neither spaces nor brackets. */
function linkAt(text: string, at: number, places: Places): { label: string; to: string; end: number } | null {
  const middle = places.after("](", at);
  const end = middle < 0 ? -1 : places.after(")", middle);
  if (end < 0) return null;
  const inner = places.after("[", at + 1);
  if (inner >= 0 && inner < middle) return null;
  const label = text.slice(at + 1, middle);
  const to = text.slice(middle + 2, end).trim();
  if (label.trim() === "" || to === "" || /[\s(]/.test(to)) return null;
  return { label, to, end: end + 1 };
}
