/** A calendar date as people type it, part by part, in the order of their language. */

export type DatePart = "year" | "month" | "day";
export type DateParts = Readonly<Record<DatePart, string>>;

export const DIGITS: Readonly<Record<DatePart, number>> = { year: 4, month: 2, day: 2 };
export const NO_DATE: DateParts = { year: "", month: "", day: "" };

/** The order in which a language writes day, month and year. */
export function partOrder(locale: string): DatePart[] {
  const parts = new Intl.DateTimeFormat(locale, { year: "numeric", month: "2-digit", day: "2-digit", calendar: "gregory" }).formatToParts(0);
  return parts.flatMap(({ type }) => (type === "year" || type === "month" || type === "day" ? [type] : []));
}

export function partsOf(date: string): DateParts {
  const [, year = "", month = "", day = ""] = /^(\d{4})-(\d\d)-(\d\d)/.exec(date) ?? [];
  return { year, month, day };
}

/** "2026-11-22"; empty when nothing was typed, null when it is incomplete or no such day exists. */
export function dateOf(parts: DateParts): string | null {
  if (!parts.year && !parts.month && !parts.day) return "";
  if (!/^\d{4}$/.test(parts.year) || !/^\d{1,2}$/.test(parts.month) || !/^\d{1,2}$/.test(parts.day)) return null;
  const date = `${parts.year}-${parts.month.padStart(2, "0")}-${parts.day.padStart(2, "0")}`;
  const read = new Date(`${date}T00:00:00Z`);
  // A day that the month does not have is read as one of the next.
  return Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== date || date < "0001" ? null : date;
}

/** Begins the value of a field in which something was typed that is no date, so that no check takes it for one. */
export const UNREADABLE = "?";
