import type { Guardian, Patient, CustomField } from "../../api/types";
import { named, t } from "../../i18n";
import { calendarDate } from "../../i18n/format";
import { type FormField, GROUPS } from "../patients/form";
import { customId } from "../patients/customFields";

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

/** what a custom field holds, as text. */
export function shownCustom(field: CustomField | undefined, value: string): string {
  if (field?.kind === "date") return calendarDate(value);
  if (field?.kind === "yes_no") return value === "yes" ? t.common.yes : t.common.no;
  return value;
}

const byId = (fields: readonly CustomField[], id: string) => fields.find((field) => field.id === id);

/** What the server calls a field, in words: `firstName`, `guardian`, `practiceFields.<id>`. */
export function fieldLabel(name: string, fields: readonly CustomField[]): string {
  const id = customId(name);
  return id === null ? named(t.record.fields, name) : (byId(fields, id)?.label ?? t.record.custom.unknown);
}

/** The value of such a field in the server's shape, as text; null when it is not set. */
export function shownSent(name: string, value: unknown, fields: readonly CustomField[]): string | null {
  const id = customId(name);
  if (id !== null) return typeof value === "string" ? shownCustom(byId(fields, id), value) : null;
  if (name !== "guardian") return shownValue({ [name]: value }, name as FormField);
  const guardian = value as Guardian | null;
  const lines = GROUPS.guardian.map((part) => [part, shownValue({ guardian }, part)] as const);
  return lines.flatMap(([part, text]) => (text === null ? [] : [`${t.record.fields[part]}: ${text}`])).join("\n") || null;
}
