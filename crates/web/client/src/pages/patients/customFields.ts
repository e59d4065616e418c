/** P2: what the practice's custom fields hold in a form. Texts while typing, the server's spelling at the ends. */
import type { CustomField } from "../../api/types";
import { t } from "../../i18n";
import { dateProblem } from "../../i18n/dateProblem";

export const OWN_TEXT_LIMIT = 1000;

/** The name under which a field is sent, refused and found in conflict. */
export type CustomName = `practiceFields.${string}`;
export const customName = (id: string): CustomName => `practiceFields.${id}`;
/** The field's id; null for the name of anything else. */
export const customId = (name: string): string | null => (name.startsWith("practiceFields.") ? name.slice("practiceFields.".length) : null);

export type CustomValues = Readonly<Record<string, string>>;
type Fields = readonly CustomField[];

export const inUse = (fields: Fields): CustomField[] => fields.filter((field) => !field.retired);

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
export function customValue(field: CustomField, typed = ""): string | null {
  const text = typed.trim();
  if (!text) return null;
  return field.kind === "number" ? (normalNumber(text) ?? text) : text;
}

/** What is sent to create: only what was filled in. */
export function customInput(fields: Fields, typed: CustomValues): Record<string, string> {
  return Object.fromEntries(fields.flatMap((field) => {
    const value = customValue(field, typed[field.id]);
    return value === null ? [] : [[field.id, value]];
  }));
}

/** What is sent to edit: what differs from the start, null for what was emptied. */
export function customPatch(fields: Fields, typed: CustomValues, start: CustomValues): Record<string, string | null> {
  const values = fields.map((field) => [field.id, customValue(field, typed[field.id]), customValue(field, start[field.id])] as const);
  return Object.fromEntries(values.filter(([, now, before]) => now !== before).map(([id, now]) => [id, now]));
}

/** What can be checked before asking the server. */
export function checkCustom(fields: Fields, typed: CustomValues): Record<CustomName, string> {
  const errors: Record<CustomName, string> = {};
  for (const field of fields) {
    const text = (typed[field.id] ?? "").trim();
    const over = [...text].length - OWN_TEXT_LIMIT;
    if (field.kind === "number" && text && normalNumber(text) === null) errors[customName(field.id)] = t.record.custom.numberRule;
    const wrongDate = field.kind === "date" ? dateProblem(text) : undefined;
    if (wrongDate) errors[customName(field.id)] = wrongDate;
    if (field.kind === "text" && over > 0) errors[customName(field.id)] = t.record.help.tooLong(over);
  }
  return errors;
}

/** The choices, including values that are held but no longer offered. */
export function choicesOf(field: CustomField, ...held: readonly (string | undefined)[]): { value: string; label: string }[] {
  const offered = field.choices ?? [];
  const old = [...new Set(held)].filter((value): value is string => Boolean(value) && !offered.includes(value ?? ""));
  return [
    ...offered.map((value) => ({ value, label: value })),
    ...old.map((value) => ({ value, label: t.record.custom.goneChoice(value) })),
  ];
}
