/** The filters of the database page (P4): what is asked for, and the chips that say so. */
import type { PatientFilter } from "../../api/types";
import { named, t } from "../../i18n";
import { calendarDate } from "../../i18n/format";

const s = t.patients;

export const DATES = ["lastAppointment", "lastModified", "created", "imageDate"] as const;
export const NUMBERS = ["imageCount", "entryCount", "age"] as const;
export const CHOICES = ["consent", "sex", "fitzpatrick"] as const;

export const TAGS = ["allOf", "anyOf", "noneOf"] as const;
/** Days that are often asked for: until now, so that only the first one counts. */
export const PRESETS = ["week", "month", "year", "twelveMonths"] as const;

export type TagKind = (typeof TAGS)[number];
export type DateKind = (typeof DATES)[number];
export type Preset = (typeof PRESETS)[number];
export type NumberKind = (typeof NUMBERS)[number];
export type ChoiceKind = (typeof CHOICES)[number];

interface Chip {
  readonly key: string;
  readonly label: string;
  /** The filter without it. */
  readonly rest: PatientFilter;
  /** Whose names belong to the label. */
  readonly tags?: readonly string[];
}

export const choices: Record<ChoiceKind, readonly { readonly value: string; readonly label: string }[]> = {
  consent: (["given", "none", "expired", "revoked"] as const).map((value) => ({ value, label: t.consent.status[value] })),
  sex: Object.entries(t.record.sexes).map(([value, label]) => ({ value, label })),
  fitzpatrick: Object.keys(t.record.fitzpatrick).map((value) => ({ value, label: t.record.fitzpatrickShort(value) })),
};

const choiceTitle: Record<ChoiceKind, string> = { consent: s.filterConsent, sex: s.filterSex, fitzpatrick: s.filterFitzpatrick };
export const titleOf = (kind: ChoiceKind): string => choiceTitle[kind];

const DAY_MS = 86_400_000;

/** The first day of a preset; both YYYY-MM-DD, both days count. */
export function startOf(preset: Preset, today: string): string {
  const [year = 0, month = 1, day = 1] = today.split("-").map(Number);
  const back = (days: number) => new Date(Date.parse(`${today}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);
  if (preset === "week") return back(6);
  if (preset === "month") return back(29);
  if (preset === "year") return `${year}-01-01`;
  return new Date(Date.UTC(year - 1, month - 1, day)).toISOString().slice(0, 10);
}

/** Which preset these days are, if one. */
export const presetOf = (days: { readonly from?: string | null; readonly to?: string | null } | null | undefined, today: string): Preset | undefined =>
  days?.from && !days.to ? PRESETS.find((preset) => startOf(preset, today) === days.from) : undefined;

function without(filter: PatientFilter, key: keyof PatientFilter): PatientFilter {
  const { [key]: _, ...rest } = filter;
  return rest;
}

const text = (number: number | null | undefined): string | null => (number === null || number === undefined ? null : String(number));

function span(from: string | null, to: string | null, since: (text: string) => string, until: (text: string) => string): string {
  if (from !== null && to !== null) return from === to ? from : s.filterRange(from, to);
  return from !== null ? since(from) : until(to ?? "");
}

/** What is asked for, one chip for each part. */
export function chips(filter: PatientFilter, today: string): readonly Chip[] {
  const found: Chip[] = [];
  const add = (key: keyof PatientFilter, what: string, range: string) => found.push({ key, label: s.filterOf(what, range), rest: without(filter, key) });
  for (const kind of DATES) {
    const days = filter[kind];
    const preset = presetOf(days, today);
    if (preset) add(kind, s.filterDate[kind], s.filterPresetIn[preset]);
    else if (days) add(kind, s.filterDate[kind], span(days.from ? calendarDate(days.from) : null, days.to ? calendarDate(days.to) : null, s.filterSince, s.filterUntil));
  }
  for (const kind of NUMBERS) {
    const range = filter[kind];
    if (range) add(kind, s.filterNumbers[kind], span(text(range.min), text(range.max), s.filterAtLeast, s.filterAtMost));
  }
  for (const kind of CHOICES) {
    const chosen = filter[kind];
    if (chosen) add(kind, choiceTitle[kind], chosen.map((value) => (kind === "consent" ? named(s.filterConsents, value) : (choices[kind].find((it) => it.value === value)?.label ?? value))).join(", "));
  }
  for (const kind of TAGS) {
    const tags = filter.tags?.[kind] ?? [];
    const { [kind]: _, ...others } = filter.tags ?? {};
    const rest = without(filter, "tags");
    if (tags.length > 0) found.push({ key: kind, label: s.filterTags[kind], rest: Object.keys(others).length > 0 ? { ...rest, tags: others } : rest, tags });
  }
  return found;
}
