/** A whole date in one text, as it is pasted or filled in by a program. */
import { type DatePart, faultIn, NO_PARTS, type Parts, partsOf } from "./dateParts";

const ISO: readonly DatePart[] = ["year", "month", "day"];

function partsIn(order: readonly DatePart[], texts: readonly string[]): Parts | null {
  const held = Object.fromEntries(order.map((part, at) => [part, texts[at] ?? ""])) as Record<DatePart, string>;
  // A year of two digits is kept, so that the person is asked for the others.
  if (held.day.length > 2 || held.month.length > 2 || held.year.length % 2 === 1) return null;
  return { ...NO_PARTS, year: held.year, month: held.month.padStart(2, "0"), day: held.day.padStart(2, "0") };
}

/** "14:05", "14.05 Uhr" at the end of a text. Seconds are left out. */
const WHOLE_CLOCK = /(?:^|[T\s,])(\d{1,2})[:.](\d\d)(?:[:.]\d\d(?:\.\d+)?)?\s*(?:Uhr)?$/i;
/** "2:05 pm", "2pm", "205 p.m." at the end of a text. */
const HALVED_CLOCK = /(?:^|[T\s,])(\d{1,2})(?:[:.]?(\d\d)(?:[:.]\d\d)?)?\s*([ap])\.?m\.?$/i;
/** An instant as programs write it; it is no wall clock before it is converted to a zone. */
const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/i;

type Time = Pick<Parts, "hour" | "minute" | "half">;

function timeIn(text: string, isHalved: boolean): { rest: string; time: Time } | null {
  const found = WHOLE_CLOCK.exec(text) ?? HALVED_CLOCK.exec(text);
  if (!found?.[1]) return null;
  const typed = Number(found[1]);
  const half = found[3]?.toLowerCase();
  // "14:30 pm" is what it says; "14:30 am" is not a time.
  if (half && (typed < 1 || (typed > 12 && half === "a"))) return null;
  const hour = half ? (typed % 12) + (half === "p" ? 12 : 0) : typed;
  const shown = isHalved ? { hour: String(hour % 12 || 12), half: hour < 12 ? "am" : "pm" } : { hour: String(hour).padStart(2, "0"), half: "" };
  return { rest: text.slice(0, found.index).replace(/[\s,]+$/, ""), time: { ...shown, minute: found[2] ?? "00" } };
}

/** A time alone: "14:30", "2:30 pm". "22.11" may be a day as well: it is read only where a time is asked for, with `hasPoint`. */
export function readTime(text: string, isHalved: boolean, hasPoint: boolean): Time | null {
  const whole = text.normalize("NFKC").trim();
  const timed = timeIn(whole, isHalved);
  return timed && !timed.rest && (hasPoint || /:|m\.?$|Uhr$/i.test(whole)) ? timed.time : null;
}

/** The number of the month that a word names in a language: in full, shortened as the language does it, or cut off. */
export function monthOf(word: string, locale: string): string | null {
  const bare = (text: string) => text.toLocaleLowerCase(locale).replace(/\.$/, "");
  const typed = bare(word);
  if (!/^\p{L}{3,}$/u.test(typed)) return null;
  const nameOf = (month: number, style: "long" | "short") => {
    // Within a date: some languages inflect the name there.
    const parts = new Intl.DateTimeFormat(locale, { day: "numeric", month: style, timeZone: "UTC" }).formatToParts(Date.UTC(2000, month, 1));
    return bare(parts.find(({ type }) => type === "month")?.value ?? "");
  };
  const meant = Array.from({ length: 12 }, (_, month) => month).filter((month) => nameOf(month, "long").startsWith(typed) || nameOf(month, "short") === typed);
  return meant.length === 1 && meant[0] !== undefined ? String(meant[0] + 1) : null;
}

/** Eight digits cut into the parts of an order, whether or not there is such a day. */
export function cut(text: string, order: readonly DatePart[]): Parts | null {
  let from = 0;
  const texts = order.map((part) => text.slice(from, (from += part === "year" ? 4 : 2)));
  return partsIn(order, texts);
}

/** Eight digits: in the order of the language, and where that is no date as in ISO 8601. */
function compact(text: string, order: readonly DatePart[]): Parts | null {
  return [cut(text, order), cut(text, ISO)].find((parts) => parts !== null && faultIn(parts) === null) ?? null;
}

function dateIn(whole: string, order: readonly DatePart[], locale: string): Parts | null {
  // "Sunday, 22.11.2026", "Born: 22.11.1984": the word before the numbers says nothing new.
  const text = whole.replace(/^\p{L}+[.,:]*\s*(?=\d+[-/.]\s*\d+[-/.]\s*\d+\.?$)/u, "");
  if (/^\d{8}$/.test(text)) return compact(text, order);
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (iso) return partsIn(ISO, iso.slice(1));
  const three = /^(\d+)[-/.\s]+(\d+)[-/.\s]+(\d+)\.?$/.exec(text);
  if (three) return partsIn(order, three.slice(1));
  // "Sunday, 22 November 2026": the day of the week is nothing new.
  const words = text.replace(/^\p{L}+\.?,\s*/u, "").split(/[\s,]+/);
  const [month, ...others] = words.flatMap((word) => monthOf(word, locale) ?? []);
  const numbers = words.flatMap((word) => /^(\d+)\.?$/.exec(word)?.[1] ?? []);
  const [year, day] = [numbers.find((it) => it.length === 4), numbers.find((it) => it.length <= 2)];
  if (month === undefined || others.length > 0 || !year || !day || numbers.length !== 2) return null;
  return partsIn(["day", "month", "year"], [day, month, year]);
}

export interface Reading {
  readonly order: readonly DatePart[];
  readonly locale: string;
  readonly isHalved?: boolean;
  /** What a clock at the practice shows at an instant: "2026-11-22T14:05". Without it no instant is read. */
  readonly wallOf?: (instant: number) => string;
}

/**
 * The parts of a whole date in one text: ISO 8601, the numbers in the order of the language, or with the month's name; with a
 * time when there is one. Null when it is none. The parts are what the text says, even where there is no such day.
 */
export function readDate(text: string, { order, locale, isHalved = false, wallOf }: Reading): Parts | null {
  // Digits of every width are the same digits.
  const whole = text.normalize("NFKC").trim();
  if (INSTANT.test(whole)) {
    const instant = Date.parse(whole.replace(" ", "T").toUpperCase());
    return wallOf && !Number.isNaN(instant) ? partsOf(wallOf(instant), isHalved) : null;
  }
  const timed = timeIn(whole, isHalved);
  const split = timed && dateIn(timed.rest, order, locale);
  return split ? { ...split, ...timed.time } : dateIn(whole, order, locale);
}
