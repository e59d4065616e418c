/** A whole date in one text, as it is pasted or filled in by a program. */
import { type DatePart, faultIn, NO_PARTS, type Parts } from "./dateParts";

const ISO: readonly DatePart[] = ["year", "month", "day"];

function partsIn(order: readonly DatePart[], texts: readonly string[]): Parts | null {
  const held = Object.fromEntries(order.map((part, at) => [part, texts[at] ?? ""])) as Record<DatePart, string>;
  // A year of two digits is kept, so that the person is asked for the others.
  if (held.day.length > 2 || held.month.length > 2 || held.year.length % 2 === 1) return null;
  return { ...NO_PARTS, year: held.year, month: held.month.padStart(2, "0"), day: held.day.padStart(2, "0") };
}

/** "14:05", "14.05 Uhr", "2:05 pm" at the end of a text. Seconds are left out; a time with a zone is no wall clock, and not read. */
const TIME = /(?:^|[T\s,])(\d{1,2})[:.](\d\d)(?:[:.]\d\d(?:\.\d+)?)?\s*(?:([ap])\.?m\.?|Uhr)?$/i;

function timeIn(text: string, isHalved: boolean): { rest: string; time: Pick<Parts, "hour" | "minute" | "half"> } | null {
  const found = TIME.exec(text);
  if (!found?.[1] || !found[2]) return null;
  const typed = Number(found[1]);
  const half = found[3]?.toLowerCase();
  const hour = half ? (typed % 12) + (half === "p" ? 12 : 0) : typed;
  const shown = isHalved ? { hour: String(hour % 12 || 12), half: hour < 12 ? "am" : "pm" } : { hour: String(hour).padStart(2, "0"), half: "" };
  return { rest: text.slice(0, found.index).replace(/[\s,]+$/, ""), time: { ...shown, minute: found[2] } };
}

/** The number of the month that a word names in a language: in full, shortened as the language does it, or cut off. */
function monthOf(word: string, locale: string): string | null {
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

/** Eight digits: in the order of the language, and where that is no date as in ISO 8601. */
function compact(text: string, order: readonly DatePart[]): Parts | null {
  const cut = (as: readonly DatePart[]) => {
    let from = 0;
    const texts = as.map((part) => text.slice(from, (from += part === "year" ? 4 : 2)));
    return partsIn(as, texts);
  };
  return [cut(order), cut(ISO)].find((parts) => parts !== null && faultIn(parts) === null) ?? null;
}

function dateIn(text: string, order: readonly DatePart[], locale: string): Parts | null {
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

/**
 * The parts of a whole date in one text: ISO 8601, the numbers in the order of the language, or with the month's name; with a
 * time when there is one. Null when it is none. The parts are what the text says, even where there is no such day.
 */
export function readDate(text: string, order: readonly DatePart[], locale: string, isHalved = false): Parts | null {
  // Digits of every width are the same digits.
  const whole = text.normalize("NFKC").trim();
  const timed = timeIn(whole, isHalved);
  const split = timed && dateIn(timed.rest, order, locale);
  return split ? { ...split, ...timed.time } : dateIn(whole, order, locale);
}
