/** What is chosen in the filter sheet and not asked for yet (P4), as its fields hold it, and what is wrong with it. */
import type { PatientFilter } from "../../api/types";
import { t } from "../../i18n";
import { CHOICES, type ChoiceKind, DATES, type DateKind, NUMBERS, type NumberKind, type Preset, presetOf, startOf, TAGS, type TagKind } from "./filters";

const s = t.patients;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Any time, one of the presets, or days of one's own. */
export type When = "" | Preset | "custom";

/** Empty where it is open. */
interface Ends {
  readonly from: string;
  readonly to: string;
}

export interface Draft {
  readonly when: Readonly<Record<DateKind, When>>;
  readonly days: Readonly<Record<DateKind, Ends>>;
  readonly numbers: Readonly<Record<NumberKind, Ends>>;
  readonly chosen: Readonly<Record<ChoiceKind, readonly string[]>>;
  readonly tags: Readonly<Record<TagKind, string[]>>;
}

const each = <K extends string, V>(kinds: readonly K[], of: (kind: K) => V): Record<K, V> => Object.fromEntries(kinds.map((kind) => [kind, of(kind)])) as Record<K, V>;

export const draftOf = (filter: PatientFilter, today: string): Draft => ({
  when: each(DATES, (kind) => (filter[kind] ? (presetOf(filter[kind], today) ?? "custom") : "")),
  days: each(DATES, (kind) => ({ from: filter[kind]?.from ?? "", to: filter[kind]?.to ?? "" })),
  numbers: each(NUMBERS, (kind) => ({ from: String(filter[kind]?.min ?? ""), to: String(filter[kind]?.max ?? "") })),
  chosen: each(CHOICES, (kind) => filter[kind] ?? []),
  tags: each(TAGS, (kind) => filter.tags?.[kind] ?? []),
});

function endsOf({ when, days }: Draft, kind: DateKind, today: string): Ends {
  const chosen = when[kind];
  if (chosen === "custom") return days[kind];
  return { from: chosen === "" ? "" : startOf(chosen, today), to: "" };
}

export function dayFault(draft: Draft, kind: DateKind, today: string): string | undefined {
  const { from, to } = endsOf(draft, kind, today);
  return from !== "" && to !== "" && from > to ? s.filterDateRule : undefined;
}

export const wholeFault = (number: string): string | undefined => (number === "" || /^\d{1,6}$/.test(number) ? undefined : s.filterWholeRule);

/** What is wrong with the upper number, or with both together. */
export function numberFault({ numbers }: Draft, kind: NumberKind): string | undefined {
  const { from, to } = numbers[kind];
  const fault = wholeFault(to);
  if (fault || wholeFault(from)) return fault;
  return from !== "" && to !== "" && Number(from) > Number(to) ? s.filterNumberRule : undefined;
}

export const isSound = (draft: Draft, today: string): boolean =>
  DATES.every((kind) => dayFault(draft, kind, today) === undefined && Object.values(endsOf(draft, kind, today)).every((it) => it === "" || DAY.test(it))) &&
  NUMBERS.every((kind) => wholeFault(draft.numbers[kind].from) === undefined && numberFault(draft, kind) === undefined);

/** What a sound draft asks for. */
export function filterOf(draft: Draft, today: string): PatientFilter {
  const next: PatientFilter = {};
  for (const kind of DATES) {
    const { from, to } = endsOf(draft, kind, today);
    if (from !== "" || to !== "") next[kind] = { ...(from === "" ? {} : { from }), ...(to === "" ? {} : { to }) };
  }
  for (const kind of NUMBERS) {
    const { from, to } = draft.numbers[kind];
    if (from !== "" || to !== "") next[kind] = { ...(from === "" ? {} : { min: Number(from) }), ...(to === "" ? {} : { max: Number(to) }) };
  }
  for (const kind of CHOICES) if (draft.chosen[kind].length > 0) next[kind] = [...draft.chosen[kind]];
  const asked = TAGS.filter((kind) => draft.tags[kind].length > 0).map((kind) => [kind, draft.tags[kind]] as const);
  if (asked.length > 0) next.tags = Object.fromEntries(asked);
  return next;
}
