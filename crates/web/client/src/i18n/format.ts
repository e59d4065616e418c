/** Dates, ages and sizes as people read them. Clinical times are shown in the practice's time zone. */
import { t } from "./index";

/** Making one costs far more than using it. */
const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = t.locale + JSON.stringify(options);
  let found = cache.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(t.locale, options);
    cache.set(key, found);
  }
  return found;
}

/** A time zone that this browser knows; the device's own when the given one is unknown. */
export function knownZone(timeZone: string): string | undefined {
  try {
    formatter({ timeZone });
    return timeZone;
  } catch {
    return undefined;
  }
}

/** "22 Nov 2026, 14:05". */
export function dateTime(instant: string | null | undefined, zone?: string): string {
  if (!instant) return "–";
  return formatter({ dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(new Date(instant));
}

/** "22 Nov 2026". */
export function day(instant: string | null | undefined, zone?: string): string {
  if (!instant) return "–";
  return formatter({ dateStyle: "medium", timeZone: zone }).format(new Date(instant));
}

/** "Sunday, 22 November 2026". */
export function longDay(instant: string, zone?: string): string {
  return formatter({ dateStyle: "full", timeZone: zone }).format(new Date(instant));
}

/** "14:05". */
export function time(instant: string, zone?: string): string {
  return formatter({ timeStyle: "short", timeZone: zone }).format(new Date(instant));
}

/** "2026-11-22" in the given zone: what a day's images are grouped by. */
export function dayKey(instant: string, zone?: string): string {
  const parts = formatter({ year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone }).formatToParts(
    new Date(instant),
  );
  const part = (type: string): string => parts.find((it) => it.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** A calendar date (no time, no zone): "3 May 1984". */
export function calendarDate(date: string | null | undefined): string {
  if (!date) return "–";
  return formatter({ dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
}

/** Whole years between a birth date and a day, both YYYY-MM-DD; null when the birth date is not a date or later. */
export function age(birthDate: string, today: string): number | null {
  const [by, bm, bd] = birthDate.split("-").map(Number);
  const [ty, tm, td] = today.split("-").map(Number);
  if (!by || !bm || !bd || !ty || !tm || !td) return null;
  const years = ty - by - (tm < bm || (tm === bm && td < bd) ? 1 : 0);
  return years < 0 ? null : years;
}

/** "5 minutes ago"; beyond a week the day itself. */
export function ago(instant: string, now: number, zone?: string): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1000);
  const size = Math.abs(seconds);
  const relative = new Intl.RelativeTimeFormat(t.locale, { numeric: "auto" });
  if (size < 45) return t.common.justNow;
  if (size < 3600) return relative.format(Math.round(seconds / 60), "minute");
  if (size < 86_400) return relative.format(Math.round(seconds / 3600), "hour");
  if (size < 7 * 86_400) return relative.format(Math.round(seconds / 86_400), "day");
  return day(instant, zone);
}

/** "3.4 MB", in thousands as file managers show it. */
export function bytes(amount: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  let value = amount;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 1 && value < 100 ? 1 : 0;
  return amounts(units[unit] ?? "byte", digits).format(value);
}

/** Making one takes longer than using it a hundred times, and a list of uploads may have thousands of rows. */
const amountFormatters = new Map<string, Intl.NumberFormat>();

function amounts(unit: string, digits: number): Intl.NumberFormat {
  const key = `${t.locale} ${unit} ${digits}`;
  const known = amountFormatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(t.locale, { style: "unit", unit, unitDisplay: unit === "byte" ? "long" : "short", maximumFractionDigits: digits });
  amountFormatters.set(key, made);
  return made;
}

/** "12.3", with so many digits behind the point. */
export const decimal = (value: number, digits: number): string => new Intl.NumberFormat(t.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

/** "12.2 megapixels". */
export function megapixels(width: number, height: number): string {
  return t.common.megapixels(new Intl.NumberFormat(t.locale, { maximumFractionDigits: 1 }).format((width * height) / 1e6));
}

/** Minutes by which a zone is ahead of UTC at an instant. */
function offsetMinutes(instant: number, zone: string | undefined): number {
  const parts = formatter({
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZone: zone,
  }).formatToParts(new Date(instant));
  const part = (type: string): number => Number(parts.find((it) => it.type === type)?.value ?? 0);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return Math.round((wall - Math.floor(instant / 1000) * 1000) / 60_000);
}

/**
 * What a date field with a time says ("2026-11-22T14:05"), read in a zone, as a UTC instant; null when unreadable.
 *
 * As the server reads a wall clock: a time that the zone skips is the later valid one, of a time that comes twice it is the
 * earlier. Looked at is the zone a day before and a day after, so that a skipped day is found as well.
 */
export function instantFromWall(wall: string, zone?: string): string | null {
  const asUtc = Date.parse(`${wall}Z`);
  if (!wall || Number.isNaN(asUtc)) return null;
  const span = 86_400_000;
  const [before, after] = [asUtc - span, asUtc + span].map((near) => asUtc - offsetMinutes(near, zone) * 60_000) as [number, number];
  const shown = [before, after].filter((instant) => instant + offsetMinutes(instant, zone) * 60_000 === asUtc);
  return new Date(shown.length > 0 ? Math.min(...shown) : before).toISOString().replace(".000Z", "Z");
}

/** The value of a date field with a time for an instant, to the minute. */
export function wallFromInstant(instant: number, zone?: string): string {
  return new Date(instant + offsetMinutes(instant, zone) * 60_000).toISOString().slice(0, 16);
}
