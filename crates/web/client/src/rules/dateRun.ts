/** What is typed without a break into the parts of a date, where it does not follow the order of the parts. */
import { type Asked, type DatePart, faultIn, type Part, type Parts } from "./dateParts";
import { cut, readDate } from "./readDate";

/** Between the parts of a date or a time, and never within one. */
export const SEPARATOR = /^[./\-\s:,]$/;
/** A text that is longer is no date; characters. */
export const LONGEST = 40;
/** A year from here on is sooner a sign that the digits were meant differently. */
const FAR_YEAR = 2100;

export interface Run {
  readonly text: string;
  /** The part in which it began, and what was there before. */
  readonly start: Part;
  readonly base: Parts;
}

/** The run with one key more; null when the key is typed into the middle of a part, which only corrects that part. */
export function runWith(run: Run | null, key: string, part: Part, parts: Parts, field: HTMLInputElement): Run | null {
  if (field.selectionEnd !== field.value.length) return null;
  const typed = key.normalize("NFKC");
  if (run) return { ...run, text: run.text + typed };
  if (SEPARATOR.test(typed) && !field.value) return null;
  return { text: field.value.slice(0, field.selectionStart ?? 0) + typed, start: part, base: parts };
}

/**
 * Whether a run is no date part by part: it has letters, or begins with the year as ISO 8601 does. "1911." may still be the 19th of
 * November; a separator after some digits in the year, `isInYear`, or a second one shows that it is a year.
 */
export function leavesOrder({ text, start }: Run, order: readonly DatePart[], isInYear: boolean): boolean {
  if (/\p{L}/u.test(text)) return true;
  if (order[0] === "year" && start === "year") return false;
  return /^\d{4}[-/.\s]\d{1,2}[-/.\s]$/.test(text) || (isInYear && /^\d{4}[-/.]$/.test(text));
}

interface Fields {
  readonly order: readonly DatePart[];
  readonly hasTime: boolean;
  readonly asked: Asked;
}

/**
 * Eight digits are a whole date, each part with all its digits: in the order of the language or of ISO 8601, else what they say in
 * the order of the language, so that it is reported. Null where they began elsewhere, or are a date and the hour.
 */
export function eightDigits(run: Run, parts: Parts, { order, hasTime, asked }: Fields): Parts | null {
  if (!/^\d{8}$/.test(run.text)) return null;
  const isSensible = faultIn(parts) === null && Number(parts.year) < FAR_YEAR && Number(parts.year) >= (asked.earliest ?? 0) && parts.year.length === 4;
  if (hasTime && (run.start !== order[0] || isSensible)) return null;
  return readDate(run.text, { order, locale: "en" }) ?? cut(run.text, order);
}
