import type { Guardian, Patient, PatientField } from "../../api/types";
import { named, t } from "../../i18n";
import { calendarDate } from "../../i18n/format";
import { type FormField, GROUPS } from "../patients/form";
import { ownId } from "../patients/practiceFields";

/** A field of the record as text; null when it is not set. */
export function shownValue(patient: Partial<Patient>, name: FormField): string | null {
  switch (name) {
    case "birthDate":
      return patient.birthDate ? calendarDate(patient.birthDate) : null;
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

/** What a field of the practice's own holds, as text. */
export function shownOwn(field: PatientField | undefined, value: string): string {
  if (field?.kind === "date") return calendarDate(value);
  if (field?.kind === "yes_no") return value === "yes" ? t.common.yes : t.common.no;
  return value;
}

const byId = (fields: readonly PatientField[], id: string) => fields.find((field) => field.id === id);

/** What the server calls a field, in words: `firstName`, `guardian`, `practiceFields.<id>`. */
export function fieldLabel(name: string, fields: readonly PatientField[]): string {
  const id = ownId(name);
  return id === null ? named(t.record.fields, name) : (byId(fields, id)?.label ?? t.record.own.unknown);
}

/** The value of such a field in the server's shape, as text; null when it is not set. */
export function shownSent(name: string, value: unknown, fields: readonly PatientField[]): string | null {
  const id = ownId(name);
  if (id !== null) return typeof value === "string" ? shownOwn(byId(fields, id), value) : null;
  if (name !== "guardian") return shownValue({ [name]: value }, name as FormField);
  const guardian = value as Guardian | null;
  const lines = GROUPS.guardian.map((part) => [part, shownValue({ guardian }, part)] as const);
  return lines.flatMap(([part, text]) => (text === null ? [] : [`${t.record.fields[part]}: ${text}`])).join("\n") || null;
}
