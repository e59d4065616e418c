/** What a person who was searched for in vain is called, when born, or which ID they have: the beginning of a new patient. */
import { faultIn, type DatePart, NO_PARTS, valueOf } from "./dateParts";
import { isUniqueId, normalUniqueId } from "./fields";
import { monthOf, readDate } from "./readDate";

export interface Begun {
  readonly uniqueId: string;
  readonly firstName: string;
  readonly lastName: string;
  /** ISO 8601; as the date field holds a part of a date; or empty. */
  readonly birthDate: string;
}

const NOTHING: Begun = { uniqueId: "", firstName: "", lastName: "", birthDate: "" };
/** A date has no more words: "14 June 1978". */
const MOST_DATE_WORDS = 3;
/** Words that begin a last name of several words. Capitalised ones too: "De Luca". */
const PARTICLES = new Set(
  "af al av bin da dal dalla de degli dei del della delle den der des di do dos du el ibn la las le los ten ter van vande vander vom von zu zum zur".split(" "),
);
/** What stands before a name and is none, without its point. The search leaves out the same (crates/search/src/beside.rs). */
const TITLES = new Set("dr doctor doktor prof professor mag dipl ing dipl.-ing mr mrs ms miss mx sir herr hr frau fr monsieur madame mme mlle signor signora sig sr sra".split(" "));
/** What follows a doctor's title: "Dr. med." */
const FACULTIES = new Set("med dent phil rer nat h.c habil univ".split(" "));
/** What stands before a date of birth, and belongs to it. */
const BORN = new Set("* born dob geb geboren née nee".split(" "));

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
  const days = withCentury(text.replace(/^\*\s*/, "")).flatMap((whole) => {
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
      if (last !== undefined && (BORN.has(titleOf(last)) || (birthDate !== "" && isItsWeekday(last, birthDate, reading.locale)))) before.pop();
      return { birthDate, rest: [...before, ...words.slice(from + length)] };
    }
  }
  return { birthDate: "", rest: words };
}

/** A month with a year leaves the day to be asked for: "Feb 1979", "02/1979". What follows a number belongs to that. */
function withoutMonth(words: readonly string[], { locale }: Reading): { birthDate: string; rest: readonly string[] } {
  for (const [at, word] of words.entries()) {
    const [one, next] = [word, words[at + 1] ?? ""].map((it) => it.replace(/[,;]+$/, "")) as [string, string];
    const numbers = /^(0?[1-9]|1[0-2])[./](\d{4})$/.exec(one);
    const named = /^\d/.test(words[at - 1] ?? "") ? null : monthOf(one, locale);
    const [month, year] = numbers ? [numbers[1], numbers[2]] : [named, /^(?:\d{4}|3[2-9]|[4-9]\d)$/.exec(next)?.[0]];
    if (!month || !year) continue;
    return { birthDate: valueOf({ ...NO_PARTS, month: month.padStart(2, "0"), year }), rest: [...words.slice(0, at), ...words.slice(at + (numbers ? 1 : 2))] };
  }
  return { birthDate: "", rest: words };
}

const titleOf = (word: string) => word.toLowerCase().replace(/[.,;]+$/, "");

/** Titles at the beginning of names, of which something else is left: "Dr. med. Anna Maier", "Maier, Dr. Anna". */
function withoutTitles(words: readonly string[]): readonly string[] {
  const isAfterTitle = words.map(() => false);
  return words.filter((word, at) => {
    const isBeginning = at === 0 || isAfterTitle[at - 1] === true || (words[at - 1] ?? "").endsWith(",");
    const isTitle = isBeginning && at < words.length - 1 && (TITLES.has(titleOf(word)) || (isAfterTitle[at - 1] === true && FACULTIES.has(titleOf(word))));
    isAfterTitle[at] = isTitle;
    return !isTitle;
  });
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

/** A date goes to the date of birth; what is left is an ID if it has a digit and can be one, and else the names, without titles. */
export function newFrom(text: string, reading: Reading): Begun {
  const words = text.normalize("NFC").split(/\s+/).filter(Boolean);
  const whole = withoutDate(words, reading);
  const { birthDate, rest } = whole.rest.length < words.length ? whole : withoutMonth(words, reading);
  const left = rest.join(" ");
  if (/\d/.test(left) && isUniqueId(left)) return { ...NOTHING, birthDate, uniqueId: normalUniqueId(left) };
  const ids = rest.filter((word) => /\d/.test(word));
  const [id = ""] = ids;
  // A single word that is no number of a house or a year.
  const uniqueId = ids.length === 1 && /\D|\d{5}/.test(id) && isUniqueId(id) ? normalUniqueId(id) : "";
  return { ...NOTHING, birthDate, uniqueId, ...namesOf(withoutTitles(uniqueId ? rest.filter((word) => word !== id) : rest)) };
}
