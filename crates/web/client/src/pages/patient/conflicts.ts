/** P6: which fields somebody else changed while this form was open, and what saving again would send. */
import type { Patient } from "../../api/types";
import { emptyForm, type FormField, formOf, type PatientForm } from "../patients/form";

export const FIELDS = Object.keys(emptyForm) as FormField[];

export interface Conflict {
  readonly field: FormField;
  readonly mine: string | boolean;
  readonly theirs: string | boolean;
}

/** Fields that both sides changed, to different values. */
export function conflictsOf(form: PatientForm, start: PatientForm, current: Patient): Conflict[] {
  const theirs = formOf(current);
  return FIELDS.filter(
    (field) => form[field] !== start[field] && theirs[field] !== start[field] && theirs[field] !== form[field],
  ).map((field) => ({ field, mine: form[field], theirs: theirs[field] }));
}

/** The form to go on with: the record as it is now, with my edits on top, except where theirs were chosen. */
export function mergeForm(form: PatientForm, start: PatientForm, current: Patient, takeTheirs: ReadonlySet<FormField>): PatientForm {
  const merged: Record<string, string | boolean> = { ...formOf(current) };
  for (const field of FIELDS) {
    if (form[field] !== start[field] && !takeTheirs.has(field)) merged[field] = form[field];
  }
  return merged as PatientForm;
}
