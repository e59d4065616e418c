import type { PatientSummary } from "../../api/types";
import { fullName, initialsOf } from "../../rules/fullName";

type Named = Pick<PatientSummary, "uniqueId" | "firstName" | "lastName" | "preferredName">;

/** How a patient is called on screen: the names as far as known, else the unique ID. */
export function displayName(patient: Named): string {
  const names = fullName(patient.firstName, patient.lastName);
  if (!names) return patient.preferredName || patient.uniqueId;
  const preferred = patient.preferredName;
  return preferred && preferred !== patient.firstName ? `${names} (${preferred})` : names;
}

/** One or two letters for a patient without an image. */
export function initials(patient: Named): string {
  return initialsOf(patient.firstName, patient.lastName) || patient.uniqueId.slice(0, 2).toUpperCase();
}

/** A steady tone (0–4) for a patient's initials, so that neighbours differ. */
export function toneOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return sum % 5;
}
