/** P6: how to continue after someone else changed the same fields. */
import type { FieldConflict } from "../../api/problem";
import type { CustomField, Patient, PatientPatch } from "../../api/types";
import { customId, customName } from "../patients/customFields";
import { formOf, type PatientForm } from "../patients/form";

/** Which value of a field is kept: the person's own, the record's, or one after the other. */
export type Keep = "mine" | "theirs" | "both";
export type Choices = Readonly<Record<string, Keep>>;

/** Fields in which two texts make a longer one that still makes sense. */
const PROSE = new Set(["allergies", "note", "address"]);

const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

/** Both texts of a field of text, the record's first; null where only one of them can be kept. */
export function bothOf({ field, yours, current }: FieldConflict, fields: readonly CustomField[]): string | null {
  const id = customId(field);
  const isProse = id === null ? PROSE.has(field) : fields.some((it) => it.id === id && it.kind === "text");
  return isProse && isText(yours) && isText(current) ? `${current}\n${yours}` : null;
}

/** What is left of what was sent once the server saved some of its fields. */
export function unsavedOf(sent: PatientPatch, saved: readonly string[]): PatientPatch {
  const left = Object.fromEntries(Object.entries(sent).filter(([name]) => name !== "practiceFields" && !saved.includes(name)));
  const own = Object.entries(sent.practiceFields ?? {}).filter(([id]) => !saved.includes(customName(id)));
  return { ...left, version: sent.version, ...(own.length > 0 ? { practiceFields: Object.fromEntries(own) } : {}) };
}

/** The form to continue with: the current record with the sent changes applied, except where something else was chosen. */
export function mergeForm(current: Patient, sent: PatientPatch, choices: Choices, conflicts: readonly FieldConflict[] = [], fields: readonly CustomField[] = []): PatientForm {
  const keepsTheirs = (name: string): boolean => choices[name] === "theirs";
  const both = new Map(conflicts.filter((it) => choices[it.field] === "both").map((it) => [it.field, bothOf(it, fields)]));
  const kept = (name: string, value: unknown): unknown => both.get(name) ?? value;
  const mine = Object.fromEntries(
    Object.entries(sent)
      .filter(([name]) => !keepsTheirs(name))
      .map(([name, value]) => [name, kept(name, value)]),
  );
  const own = Object.entries(sent.practiceFields ?? {}).filter(([id]) => !keepsTheirs(customName(id)));
  const practiceFields = { ...current.practiceFields, ...Object.fromEntries(own.map(([id, value]) => [id, String(kept(customName(id), value) ?? "")])) };
  // The record's own health-card number is masked and never goes back.
  const healthCardNumber = keepsTheirs("healthCardNumber") ? "" : (sent.healthCardNumber ?? "");
  return { ...formOf({ ...current, ...mine, practiceFields }), healthCardNumber };
}
