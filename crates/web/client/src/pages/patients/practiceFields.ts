/** P2: what the practice's own fields hold in a form. Texts while typing, the server's spelling at the ends. */
import type { PatientField } from "../../api/types";
import { t } from "../../i18n";

export const OWN_TEXT_LIMIT = 1000;

/** The name under which a field is sent, refused and found in conflict. */
export type OwnName = `practiceFields.${string}`;
export const ownName = (id: string): OwnName => `practiceFields.${id}`;
/** The field's id; null for the name of anything else. */
export const ownId = (name: string): string | null => (name.startsWith("practiceFields.") ? name.slice("practiceFields.".length) : null);

export type OwnValues = Readonly<Record<string, string>>;
type Fields = readonly PatientField[];

export const inUse = (fields: Fields): PatientField[] => fields.filter((field) => !field.retired);

/** A number as the server spells it, from how people write it: one comma or point, without needless zeros; null when it is none. */
export function normalNumber(typed: string): string | null {
  const match = /^(-?)(\d+)(?:[.,](\d+))?$/.exec(typed.trim());
  if (!match) return null;
  const [, sign = "", whole = "", fraction = ""] = match;
  const left = whole.replace(/^0+/, "");
  const right = fraction.replace(/0+$/, "");
  if (left.length > 12 || right.length > 6) return null;
  const digits = right ? `${left || "0"}.${right}` : left || "0";
  return digits === "0" ? digits : `${sign}${digits}`;
}

/** What is sent for a field; null when it holds nothing. */
export function ownValue(field: PatientField, typed = ""): string | null {
  const text = typed.trim();
  if (!text) return null;
  return field.kind === "number" ? (normalNumber(text) ?? text) : text;
}

/** What is sent to create: only what was filled in. */
export function ownInput(fields: Fields, typed: OwnValues): Record<string, string> {
  return Object.fromEntries(fields.flatMap((field) => {
    const value = ownValue(field, typed[field.id]);
    return value === null ? [] : [[field.id, value]];
  }));
}

/** What is sent to edit: what differs from the start, null for what was emptied. */
export function ownPatch(fields: Fields, typed: OwnValues, start: OwnValues): Record<string, string | null> {
  const values = fields.map((field) => [field.id, ownValue(field, typed[field.id]), ownValue(field, start[field.id])] as const);
  return Object.fromEntries(values.filter(([, now, before]) => now !== before).map(([id, now]) => [id, now]));
}

/** What can be checked before asking the server. */
export function checkOwn(fields: Fields, typed: OwnValues): Record<OwnName, string> {
  const errors: Record<OwnName, string> = {};
  for (const field of fields) {
    const text = (typed[field.id] ?? "").trim();
    const over = [...text].length - OWN_TEXT_LIMIT;
    if (field.kind === "number" && text && normalNumber(text) === null) errors[ownName(field.id)] = t.record.own.numberRule;
    if (field.kind === "text" && over > 0) errors[ownName(field.id)] = t.record.help.tooLong(over);
  }
  return errors;
}

/** The choices, including values that are held but no longer offered. */
export function choicesOf(field: PatientField, ...held: readonly (string | undefined)[]): { value: string; label: string }[] {
  const offered = field.choices ?? [];
  const old = [...new Set(held)].filter((value): value is string => Boolean(value) && !offered.includes(value ?? ""));
  return [
    ...offered.map((value) => ({ value, label: value })),
    ...old.map((value) => ({ value, label: t.record.own.goneChoice(value) })),
  ];
}
