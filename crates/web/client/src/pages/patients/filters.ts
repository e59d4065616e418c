/** The filters of the database page (P4): what is asked for, and the chips that say so. */
import type { PatientFilter } from "../../api/types";
import { named, t } from "../../i18n";
import { calendarDate } from "../../i18n/format";

const s = t.patients;

export const DATES = ["lastAppointment", "lastModified", "created", "imageDate"] as const;
export const NUMBERS = ["imageCount", "entryCount", "age"] as const;
export const CHOICES = ["consent", "sex", "fitzpatrick"] as const;

export const TAGS = ["allOf", "anyOf", "noneOf"] as const;

export type TagKind = (typeof TAGS)[number];
export type DateKind = (typeof DATES)[number];
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
export function chips(filter: PatientFilter): readonly Chip[] {
  const found: Chip[] = [];
  const add = (key: keyof PatientFilter, what: string, range: string) => found.push({ key, label: s.filterOf(what, range), rest: without(filter, key) });
  for (const kind of DATES) {
    const days = filter[kind];
    if (days) add(kind, s.filterDate[kind], span(days.from ? calendarDate(days.from) : null, days.to ? calendarDate(days.to) : null, s.filterSince, s.filterUntil));
  }
  for (const kind of NUMBERS) {
    const range = filter[kind];
    if (range) add(kind, s.filterNumbers[kind], span(text(range.min), text(range.max), s.filterAtLeast, s.filterAtMost));
  }
  for (const kind of CHOICES) {
    const chosen = filter[kind];
    if (chosen) add(kind, choiceTitle[kind], chosen.map((value) => choices[kind].find((it) => it.value === value)?.label ?? named({}, value)).join(", "));
  }
  for (const kind of TAGS) {
    const tags = filter.tags?.[kind] ?? [];
    const { [kind]: _, ...others } = filter.tags ?? {};
    const rest = without(filter, "tags");
    if (tags.length > 0) found.push({ key: kind, label: s.filterTags[kind], rest: Object.keys(others).length > 0 ? { ...rest, tags: others } : rest, tags });
  }
  return found;
}
