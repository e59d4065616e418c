import type { Patient } from "../../api/types";
import { named, t } from "../../i18n";
import type { FormField } from "../patients/form";

/** A field of the record as text; null when it is not set. */
export function shownValue(patient: Patient, name: FormField, date: (day: string) => string): string | null {
  switch (name) {
    case "birthDate":
      return patient.birthDate ? date(patient.birthDate) : null;
    case "sexAtBirth":
      return patient.sexAtBirth ? named(t.record.sexes, patient.sexAtBirth) : null;
    case "fitzpatrick":
      return patient.fitzpatrick ? named(t.record.fitzpatrick, patient.fitzpatrick) : null;
    case "phones":
      return patient.phones?.length ? patient.phones.join("\n") : null;
    case "guardianName":
      return patient.guardian?.name ?? null;
    case "guardianRelation":
      return patient.guardian?.relation ?? null;
    case "guardianPhone":
      return patient.guardian?.phone ?? null;
    case "guardianMayConsent":
      return patient.guardian ? (patient.guardian.mayConsent ? t.common.yes : t.common.no) : null;
    default:
      return patient[name] || null;
  }
}
