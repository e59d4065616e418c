/** What was typed into a patient's details before the page was loaded anew. */
import type { Patient } from "../../api/types";
import type { CustomValues } from "../patients/customFields";
import { type FormField, formOf, GUARDIAN_FIELDS, type PatientForm, same } from "../patients/form";

/** Under which name what was typed into a patient's details is remembered until it is saved or discarded. */
export const draftName = (patientId: string): string => `details.${patientId}`;

/** What was typed and not saved, and the record that it started from. */
export interface Draft {
  readonly base: Patient;
  readonly form: PatientForm;
}

/**
 * A draft on the record as it is now: what the person did not touch has the newest saved value. What they did touch keeps what it
 * started from, and the version of that, so that the server sees where another change was made to the same field (P6).
 */
export function resumed({ base, form }: Draft, newest: Patient): Draft {
  const start = formOf(base);
  const touched = Object.keys(start).filter((it) => it !== "practiceFields" && !same(form[it as FormField], start[it as FormField])) as FormField[];
  // A guardian is saved as a whole.
  const names = touched.some((it) => GUARDIAN_FIELDS.some((part) => part === it)) ? [...touched, ...GUARDIAN_FIELDS, "guardian"] : touched;
  const only = (all: object): object => Object.fromEntries(Object.entries(all).filter(([name]) => (names as readonly string[]).includes(name)));
  const own = Object.keys({ ...start.practiceFields, ...form.practiceFields }).filter((id) => (form.practiceFields[id] ?? "") !== (start.practiceFields[id] ?? ""));
  const ownOf = (from: CustomValues): CustomValues => Object.fromEntries(own.map((id) => [id, from[id] ?? ""]));
  return {
    base: { ...newest, ...only(base), version: base.version, practiceFields: { ...newest.practiceFields, ...ownOf(base.practiceFields) } },
    form: { ...formOf(newest), ...only(form), practiceFields: { ...newest.practiceFields, ...ownOf(form.practiceFields) } },
  };
}
