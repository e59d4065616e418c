/** P6: how to continue after someone else changed the same fields. */
import type { Patient, PatientPatch } from "../../api/types";
import { formOf, type PatientForm } from "../patients/form";
import { customName } from "../patients/customFields";

/** The form to continue with: the current record with the sent changes applied, except where the record's value was chosen. */
export function mergeForm(current: Patient, sent: PatientPatch, takeTheirs: ReadonlySet<string>): PatientForm {
  const mine = Object.fromEntries(Object.entries(sent).filter(([name]) => !takeTheirs.has(name)));
  const own = Object.entries(sent.practiceFields ?? {}).filter(([id]) => !takeTheirs.has(customName(id)));
  const practiceFields = { ...current.practiceFields, ...Object.fromEntries(own.map(([id, value]) => [id, value ?? ""])) };
  // The record's own health-card number is masked and never goes back.
  const healthCardNumber = takeTheirs.has("healthCardNumber") ? "" : (sent.healthCardNumber ?? "");
  return { ...formOf({ ...current, ...mine, practiceFields }), healthCardNumber };
}
