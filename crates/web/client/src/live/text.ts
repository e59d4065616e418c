/** Texts as they travel: splices and hashes. Places count UTF-16 code units, as JavaScript does, and never lie within a character. */
import { Sha256 } from "../upload/sha256";
import { hunks, common, linesOf } from "./lines";
import type { Splice } from "./wire";

/** The most that notes hold, in bytes of UTF-8. */
export const MOST_BYTES = 65_536;

/** More pieces than these are one: the server takes a thousand. */
const MOST_SPLICES = 500;

const encoder = new TextEncoder();
export const bytesOf = (text: string): number => encoder.encode(text).length;

/** The first half of the SHA-256 of the text, which tells whether two sides have the same. */
export const hashOf = (text: string): string => new Sha256().update(encoder.encode(text)).hex().slice(0, 32);

/** Whatever begins a new line somewhere: left out, it would join two words, or two doses. */
const LINE_ENDS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
/** What the server takes in no text (`is_unwelcome`): control characters, direction overrides, byte order marks, non-characters. */
// oxlint-disable-next-line no-control-regex -- that is what they are
const UNWELCOME = /[\0-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/** The text without characters that nobody sees and the server refuses; lines end with a line feed. */
export const visible = (text: string): string => text.replaceAll(LINE_ENDS, "\n").replaceAll(UNWELCOME, "");

/** A text that can be sent: visible, and half a character becomes U+FFFD, as long as it was. */
export const sound = (text: string): string => visible(text).replaceAll(/\p{Surrogate}/gu, "\uFFFD");

/** The same for what has one line. */
export const inOneLine = (text: string): string => sound(text).replaceAll("\n", " ");

const isHigh = (unit: number): boolean => unit >= 0xd8_00 && unit < 0xdc_00;
const isLow = (unit: number): boolean => unit >= 0xdc_00 && unit < 0xe0_00;
const splits = (text: string, at: number): boolean => at > 0 && at < text.length && isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1));

/** The splice that makes one text of the other and leaves alone what both begin and end with; null when they are the same. */
export function between(old: string, next: string): Splice | null {
  if (old === next) return null;
  let [start, end] = common(old, next);
  if (splits(old, start) || splits(next, start)) start -= 1;
  if (splits(old, old.length - end) || splits(next, next.length - end)) end -= 1;
  return { at: start, remove: old.length - end - start, insert: next.slice(start, next.length - end) };
}

/** With an end to each line, whole lines can be replaced by any number of them. */
const written = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

/** The same by lines: changes in several places are several splices, so that a caret between them stays where it is. */
export function splicesBetween(old: string, next: string): readonly Splice[] {
  if (old === "" || next === "") {
    const whole = between(old, next);
    return whole ? [whole] : [];
  }
  const before = linesOf(old);
  const found: Splice[] = [];
  let at = 0;
  let line = 0;
  for (const hunk of hunks(before, linesOf(next))) {
    at += written(before.slice(line, hunk.from)).length;
    const was = written(before.slice(hunk.from, hunk.to));
    const is = written(hunk.lines);
    const piece = between(was, is);
    if (piece) found.push({ ...piece, at: at + piece.at });
    at += is.length;
    line = hunk.to;
  }
  if (found.length <= MOST_SPLICES) return withoutLastEnd(old, next, found);
  const whole = between(old, next);
  return whole ? [whole] : [];
}

/** The text has no line feed at its very end, which the lines above have: where a splice reaches it, it is cut differently. */
function withoutLastEnd(old: string, next: string, found: readonly Splice[]): readonly Splice[] {
  const last = found.at(-1);
  if (!last) return found;
  const [first, before] = [found.slice(0, -1), apply(old, found.slice(0, -1))];
  if (before === null) return found;
  if (last.at + last.remove <= before.length && apply(before, [last]) === next) return found;
  const piece = between(before, next);
  return piece ? [...first, piece] : first;
}

/** The text that the splices make, each applied to the result of the one before; null when they do not fit. */
export function apply(text: string, splices: readonly Splice[]): string | null {
  let now = text;
  for (const { at, remove, insert } of splices) {
    if (at + remove > now.length || splits(now, at) || splits(now, at + remove)) return null;
    now = now.slice(0, at) + insert + now.slice(at + remove);
  }
  return now;
}

/** Where a place in the text is after the splices. One at which something is inserted stays before it. */
export function moved(place: number, splices: readonly Splice[]): number {
  let now = place;
  for (const { at, remove, insert } of splices) {
    if (now <= at) continue;
    now = now < at + remove ? at + Math.min(now - at, insert.length) : now + insert.length - remove;
  }
  return now;
}
