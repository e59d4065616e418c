/** What a person who was searched for in vain is called, when born, or which ID they have: the beginning of a new patient. */
import { faultIn, type DatePart, valueOf } from "./dateParts";
import { isUniqueId, normalUniqueId } from "./fields";
import { readDate } from "./readDate";

export interface Begun {
  readonly uniqueId: string;
  readonly firstName: string;
  readonly lastName: string;
  /** ISO 8601, or empty. */
  readonly birthDate: string;
}

const NOTHING: Begun = { uniqueId: "", firstName: "", lastName: "", birthDate: "" };
/** A date has no more words: "14 June 1978". */
const MOST_DATE_WORDS = 3;
/** Words that begin a last name of several words. Capitalised ones too: "De Luca". */
const PARTICLES = new Set(
  "af al av bin da dal dalla de degli dei del della delle den der des di do dos du el ibn la las le los ten ter van vande vander vom von zu zum zur".split(" "),
);

interface Reading {
  readonly order: readonly DatePart[];
  readonly locale: string;
  /** ISO 8601: nobody is born later. */
  readonly today: string;
}

/** What two digits at the end may mean as a year, where the rest is a day and a month; the text itself where there are none. */
function withCentury(text: string): readonly string[] {
  // A year that stands first has four digits.
  const short = /^(?!\d{4})(.*\d.*[-/.\s])(\d\d)$/.exec(text);
  // Numbers with only blanks between them are no date.
  return short && /[-/.\p{L}]/u.test(text) ? ["19", "20"].map((century) => `${short[1] ?? ""}${century}${short[2] ?? ""}`) : [text];
}

/** The day that a text says; empty where two digits leave open which century is meant, and null where it says none. */
function birthDateOf(text: string, reading: Reading): string | null {
  // Eight digits in a row may be a date and may be an ID; the ID is what a search for them says.
  if (/^\d+$/.test(text)) return null;
  const days = withCentury(text).flatMap((whole) => {
    const parts = readDate(whole, reading);
    return parts && faultIn(parts) === null ? [valueOf(parts)] : [];
  });
  const [day, ...others] = days.length > 1 ? days.filter((it) => it <= reading.today) : days;
  if (day === undefined) return null;
  return others.length > 0 ? "" : day;
}

/** Whether a word names the day of the week that a date was: "Sun" is a name, too. */
function isItsWeekday(word: string, day: string, locale: string): boolean {
  const bare = (text: string) => text.toLocaleLowerCase(locale).replace(/[.,]+$/, "");
  const names = (["long", "short"] as const).map((weekday) => bare(new Intl.DateTimeFormat(locale, { weekday, timeZone: "UTC" }).format(Date.parse(day))));
  return names.includes(bare(word));
}

/** The first date within the words, and the words around it. The fewest words that are one: the word before a date is read past. */
function withoutDate(words: readonly string[], reading: Reading): { birthDate: string; rest: readonly string[] } {
  for (let length = 1; length <= MOST_DATE_WORDS; length += 1) {
    for (let from = 0; from + length <= words.length; from += 1) {
      const birthDate = birthDateOf(words.slice(from, from + length).join(" ").replace(/[,;]+$/, ""), reading);
      if (birthDate === null) continue;
      const before = words.slice(0, from);
      const last = before.at(-1);
      if (last !== undefined && birthDate !== "" && isItsWeekday(last, birthDate, reading.locale)) before.pop();
      return { birthDate, rest: [...before, ...words.slice(from + length)] };
    }
  }
  return { birthDate: "", rest: words };
}

/** The last name is the last word, with the particles before it: "Anna Maria von der Tann". */
function namesOf(words: readonly string[]): Pick<Begun, "firstName" | "lastName"> {
  const bare = words.map((word) => word.replace(/[,;]+$/, "")).filter(Boolean);
  const particle = bare.findIndex((word, at) => at < bare.length - 1 && PARTICLES.has(word.toLowerCase()));
  const begins = particle < 0 ? bare.length - 1 : particle;
  // "Tann, Anna": a comma says that the last name comes first.
  const comma = words.findIndex((word) => word.endsWith(","));
  if (comma >= 0 && comma < words.length - 1) return { lastName: bare.slice(0, comma + 1).join(" "), firstName: bare.slice(comma + 1).join(" ") };
  return { firstName: bare.slice(0, Math.max(0, begins)).join(" "), lastName: bare.slice(Math.max(0, begins)).join(" ") };
}

/** A date goes to the date of birth; what is left is an ID if it has a digit and can be one, and else the names. */
export function newFrom(text: string, reading: Reading): Begun {
  const words = text.normalize("NFC").split(/\s+/).filter(Boolean);
  const { birthDate, rest } = withoutDate(words, reading);
  const left = rest.join(" ");
  if (/\d/.test(left) && isUniqueId(left)) return { ...NOTHING, birthDate, uniqueId: normalUniqueId(left) };
  return { ...NOTHING, birthDate, ...namesOf(rest) };
}
