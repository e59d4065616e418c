/** A calendar date, and a time with it, as people type them: part by part, in the order of their language. */

export type DatePart = "year" | "month" | "day";
/** `half` is the half of the day, where the clock has twelve hours: "am" or "pm". */
export type TimePart = "hour" | "minute" | "half";
export type Part = DatePart | TimePart;
export type Parts = Readonly<Record<Part, string>>;

export const DIGITS: Readonly<Record<Part, number>> = { year: 4, month: 2, day: 2, hour: 2, minute: 2, half: 0 };
export const NO_PARTS: Parts = { year: "", month: "", day: "", hour: "", minute: "", half: "" };

/** What a field asks for. */
export interface Asked {
  readonly hasTime?: boolean;
  /** Whether the clock has twelve hours twice a day. */
  readonly isHalved?: boolean;
  /** The first year that is not taken for a typing error. */
  readonly earliest?: number;
}

/** As the server has it for a date of birth (P2). */
export const EARLIEST_YEAR = 1850;

/** Begins the value of a field in which something was typed that is no date, so that no check takes it for one. */
export const UNREADABLE = "?";
export const isUnreadable = (value: string): boolean => value.startsWith(UNREADABLE);

/** The order in which a language writes day, month and year. */
export function partOrder(locale: string): DatePart[] {
  const parts = new Intl.DateTimeFormat(locale, { year: "numeric", month: "2-digit", day: "2-digit", calendar: "gregory" }).formatToParts(0);
  return parts.flatMap(({ type }) => (type === "year" || type === "month" || type === "day" ? [type] : []));
}

/** Whether a language's clock has twelve hours twice a day. */
export const isHalvedClock = (locale: string): boolean => new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12 === true;

/** The parts of a date ("2026-11-22"), of a date with a time ("2026-11-22T14:05"), or of what was typed and is neither. */
export function partsOf(value: string, isHalved = false): Parts {
  if (isUnreadable(value)) {
    const [year = "", month = "", day = "", hour = "", minute = "", half = ""] = value.slice(UNREADABLE.length).split("|");
    return { year, month, day, hour, minute, half };
  }
  const [, year = "", month = "", day = "", wall = "", minute = ""] = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?/.exec(value) ?? [];
  if (!isHalved || !wall) return { year, month, day, hour: wall, minute, half: "" };
  return { year, month, day, hour: String(Number(wall) % 12 || 12), minute, half: Number(wall) < 12 ? "am" : "pm" };
}

export interface DateFault {
  /** `text`: a part holds more than digits; `days`: the month has no such day; `early`: before the first year that is taken. */
  readonly kind: "text" | "missing" | "month" | "day" | "days" | "year" | "early" | "hour" | "minute";
  readonly parts: readonly Part[];
}

const asksFor = ({ hasTime, isHalved }: Asked): Part[] => ["day", "month", "year", ...(hasTime ? (["hour", "minute"] as const) : []), ...(hasTime && isHalved ? (["half"] as const) : [])];

/** How many days the month of that number has in that year. */
export const daysIn = (year: number, month: number): number => {
  const last = new Date(Date.UTC(2000, month, 0));
  last.setUTCFullYear(year, month, 0);
  return last.getUTCDate();
};

/** What keeps the parts from being a date; null when they are one, or when nothing was typed. */
export function faultIn(parts: Parts, asked: Asked = {}): DateFault | null {
  const wanted = asksFor(asked);
  const missing = wanted.filter((part) => !parts[part]);
  if (wanted.every((part) => part === "half" || !parts[part])) return null;
  const texts = wanted.filter((part) => part !== "half" && /\D/.test(parts[part]));
  if (texts.length > 0) return { kind: "text", parts: texts };
  if (missing.length > 0) return { kind: "missing", parts: missing };
  const [year, month, day, hour, minute] = [parts.year, parts.month, parts.day, parts.hour, parts.minute].map(Number) as [number, number, number, number, number];
  const isLong = (part: Part) => parts[part].length > DIGITS[part];
  if (month < 1 || month > 12 || isLong("month")) return { kind: "month", parts: ["month"] };
  if (day < 1 || day > 31 || isLong("day")) return { kind: "day", parts: ["day"] };
  if (parts.year.length !== 4) return { kind: "year", parts: ["year"] };
  if (year < (asked.earliest ?? EARLIEST_YEAR)) return { kind: "early", parts: ["year"] };
  if (day > daysIn(year, month)) return { kind: "days", parts: ["day"] };
  if (!asked.hasTime) return null;
  if (isLong("hour") || (asked.isHalved ? hour < 1 || hour > 12 : hour > 23)) return { kind: "hour", parts: ["hour"] };
  return minute > 59 || isLong("minute") ? { kind: "minute", parts: ["minute"] } : null;
}

/** What is wrong with a field's value; null for a date and for nothing. */
export const faultOf = (value: string, asked: Asked = {}): DateFault | null => (isUnreadable(value) ? faultIn(partsOf(value), asked) : null);

const two = (text: string | number): string => String(text).padStart(2, "0");

/** "2026-11-22", with a time "2026-11-22T14:05"; empty when nothing was typed, and marked when it is incomplete or no such day exists. */
export function valueOf(parts: Parts, asked: Asked = {}): string {
  if (asksFor(asked).every((part) => part === "half" || !parts[part])) return "";
  const { year, month, day, hour, minute, half } = parts;
  if (faultIn(parts, asked)) return UNREADABLE + [year, month, day, hour, minute, half].join("|");
  const date = `${year}-${two(month)}-${two(day)}`;
  if (!asked.hasTime) return date;
  return `${date}T${two(asked.isHalved ? (Number(hour) % 12) + (half === "pm" ? 12 : 0) : hour)}:${two(minute)}`;
}

/** Whether no further digit can belong to the part, so that the next one is for the part after it. */
export function isFull(part: Part, digits: string, isHalved = false): boolean {
  const largest = { year: 9, month: 1, day: 3, hour: isHalved ? 1 : 2, minute: 5, half: 0 }[part];
  return digits.length >= DIGITS[part] || (digits.length === 1 && Number(digits) > largest);
}
