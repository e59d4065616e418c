/** The patient form: all texts while typing, the server's shapes at the ends. */
import { explain, fieldMessages, isProblem } from "../../api/problem";
import type { Patient, CustomField, PatientInput, PatientPatch } from "../../api/types";
import { t } from "../../i18n";
import { dateProblem } from "../../i18n/dateProblem";
import { isCountry, isUniqueId, looksLikeEmail, normalUniqueId } from "../../rules/fields";
import { checkCustom, inUse, customId, customInput, type CustomName, customName, customPatch, type CustomValues } from "./customFields";

export const NOTE_LIMIT = 4000;

export const TEXT_FIELDS = [
  "firstName",
  "middleName",
  "lastName",
  "preferredName",
  "birthDate",
  "sexAtBirth",
  "gender",
  "pronouns",
  "mrn",
  "email",
  "address",
  "country",
  "preferredLanguage",
  "fitzpatrick",
  "referringClinician",
  "primaryClinician",
  "allergies",
  "note",
] as const;
type TextName = (typeof TEXT_FIELDS)[number];

export type PatientForm = Record<TextName, string> & {
  uniqueId: string;
  healthCardNumber: string;
  phones: string;
  guardianName: string;
  guardianRelation: string;
  guardianPhone: string;
  guardianMayConsent: boolean;
  /** The practice's custom fields by their ids; those that hold nothing may be absent. */
  practiceFields: CustomValues;
};
export type FormField = Exclude<keyof PatientForm, "practiceFields">;
/** By field; `practiceFields` alone is about the form as a whole. */
export type FormErrors = Partial<Record<FormField | CustomName | "practiceFields", string>>;

const blank = Object.fromEntries(TEXT_FIELDS.map((name) => [name, ""])) as Record<TextName, string>;

export const emptyForm: PatientForm = {
  ...blank,
  uniqueId: "",
  healthCardNumber: "",
  phones: "",
  guardianName: "",
  guardianRelation: "",
  guardianPhone: "",
  guardianMayConsent: false,
  practiceFields: {},
};

/** The form for editing. The health-card number is only known masked, so its field starts empty and means "keep". */
export function formOf(patient: Patient): PatientForm {
  const texts = Object.fromEntries(TEXT_FIELDS.map((name) => [name, patient[name] ?? ""])) as Record<TextName, string>;
  return {
    ...texts,
    uniqueId: patient.uniqueId,
    healthCardNumber: "",
    phones: (patient.phones ?? []).join("\n"),
    guardianName: patient.guardian?.name ?? "",
    guardianRelation: patient.guardian?.relation ?? "",
    guardianPhone: patient.guardian?.phone ?? "",
    guardianMayConsent: patient.guardian?.mayConsent ?? false,
    practiceFields: patient.practiceFields,
  };
}

const orNull = (text: string): string | null => text.trim() || null;

const phonesOf = (form: PatientForm): string[] =>
  form.phones
    .split(/[\n,;]/)
    .map((phone) => phone.trim())
    .filter(Boolean);

function guardianOf(form: PatientForm): PatientInput["guardian"] {
  if (!form.guardianName.trim()) return null;
  return {
    name: form.guardianName.trim(),
    relation: orNull(form.guardianRelation),
    phone: orNull(form.guardianPhone),
    mayConsent: form.guardianMayConsent,
  };
}

function textOf(form: PatientForm, name: TextName): string | null {
  const text = orNull(form[name]);
  return name === "country" ? (text?.toUpperCase() ?? null) : text;
}

/** What is sent to create: only what was filled in. */
export function inputOf(form: PatientForm, fields: readonly CustomField[]): PatientInput {
  const input: Record<string, unknown> = { uniqueId: normalUniqueId(form.uniqueId) };
  for (const name of TEXT_FIELDS) {
    const text = textOf(form, name);
    if (text !== null) input[name] = text;
  }
  const card = orNull(form.healthCardNumber);
  if (card) input.healthCardNumber = card;
  const phones = phonesOf(form);
  if (phones.length > 0) input.phones = phones;
  const guardian = guardianOf(form);
  if (guardian) input.guardian = guardian;
  const own = customInput(inUse(fields), form.practiceFields);
  if (Object.keys(own).length > 0) input.practiceFields = own;
  return input as PatientInput;
}

/** Whether two values of a form hold the same. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What is sent to edit: the fields that differ from what the form started with; null clears one (P6). */
export function patchOf(form: PatientForm, start: PatientForm, version: number, fields: readonly CustomField[]): PatientPatch {
  const patch: Record<string, unknown> = { version };
  if (normalUniqueId(form.uniqueId) !== start.uniqueId) patch.uniqueId = normalUniqueId(form.uniqueId);
  for (const name of TEXT_FIELDS) {
    if (!same(textOf(form, name), textOf(start, name))) patch[name] = textOf(form, name);
  }
  if (form.healthCardNumber.trim()) patch.healthCardNumber = form.healthCardNumber.trim();
  if (!same(phonesOf(form), phonesOf(start))) patch.phones = phonesOf(form);
  if (!same(guardianOf(form), guardianOf(start))) patch.guardian = guardianOf(form);
  const own = customPatch(inUse(fields), form.practiceFields, start.practiceFields);
  if (Object.keys(own).length > 0) patch.practiceFields = own;
  return patch as PatientPatch;
}

export const GUARDIAN_FIELDS = ["guardianName", "guardianRelation", "guardianPhone", "guardianMayConsent"] as const;

/** Which fields differ from what the form started with, in the order of the form. */
export function changedFields(form: PatientForm, start: PatientForm, fields: readonly CustomField[]): (FormField | CustomName)[] {
  const changed: (FormField | CustomName)[] = normalUniqueId(form.uniqueId) === start.uniqueId ? [] : ["uniqueId"];
  changed.push(...TEXT_FIELDS.filter((name) => !same(textOf(form, name), textOf(start, name))));
  if (form.healthCardNumber.trim()) changed.push("healthCardNumber");
  if (!same(phonesOf(form), phonesOf(start))) changed.push("phones");
  changed.push(...GUARDIAN_FIELDS.filter((name) => !same(form[name], start[name])));
  return [...changed, ...Object.keys(customPatch(inUse(fields), form.practiceFields, start.practiceFields)).map(customName)];
}

/** The form with one field as it was. */
export function undone(form: PatientForm, start: PatientForm, name: FormField | CustomName): PatientForm {
  const id = customId(name);
  if (id === null) return { ...form, [name]: start[name as FormField] };
  return { ...form, practiceFields: { ...form.practiceFields, [id]: start.practiceFields[id] ?? "" } };
}

export const isEmptyPatch = (patch: PatientPatch): boolean => Object.keys(patch).length <= 1;

/** What can be checked before asking the server. `today` is YYYY-MM-DD in the practice's time zone. */
export function checkForm(form: PatientForm, today: string, fields: readonly CustomField[]): FormErrors {
  const errors: FormErrors = checkCustom(inUse(fields), form.practiceFields);
  const help = t.record.help;
  if (!isUniqueId(form.uniqueId)) errors.uniqueId = t.patients.uniqueIdRule;
  const birthDate = dateProblem(form.birthDate) ?? (form.birthDate > today ? help.birthDateFuture : undefined);
  if (birthDate) errors.birthDate = birthDate;
  if (form.email.trim() && !looksLikeEmail(form.email)) errors.email = help.email;
  if (form.country.trim() && !isCountry(form.country)) errors.country = help.countryRule;
  const length = [...form.note].length;
  if (length > NOTE_LIMIT) errors.note = help.tooLong(length - NOTE_LIMIT);
  const guardianHasMore = form.guardianRelation.trim() || form.guardianPhone.trim() || form.guardianMayConsent;
  if (guardianHasMore && !form.guardianName.trim()) errors.guardianName = help.guardianName;
  return errors;
}

const GUARDIAN: Record<string, FormField> = {
  guardian: "guardianName",
  "guardian.name": "guardianName",
  "guardian.relation": "guardianRelation",
  "guardian.phone": "guardianPhone",
  "guardian.mayConsent": "guardianMayConsent",
};

/** The server's `errors[].field` (`guardian.name`, `phones[1]`, `practiceFields.<id>`) on the form's fields. */
export function placeErrors(messages: Record<string, string>, fields: readonly CustomField[]): FormErrors {
  const errors: FormErrors = {};
  const shown = new Set(inUse(fields).map((field) => field.id));
  for (const [field, message] of Object.entries(messages)) {
    const id = customId(field);
    if (id !== null) {
      // A field that was retired in the meantime is no longer in the form.
      errors[shown.has(id) ? (field as CustomName) : "practiceFields"] ??= message;
      continue;
    }
    const name = GUARDIAN[field] ?? (field.replace(/[[.].*$/, "") as FormField);
    if (name in emptyForm) errors[name] ??= message;
  }
  return errors;
}

/** What a refusal says of the fields. */
export function errorsOf(error: unknown, fields: readonly CustomField[]): FormErrors {
  const taken: FormErrors = isProblem(error, "unique_id_taken") ? { uniqueId: t.patients.uniqueIdTaken } : {};
  return { ...placeErrors(fieldMessages(error), fields), ...taken };
}

/** What is said above the form's buttons about a refusal. */
export function summaryOf(error: unknown, errors: FormErrors): string {
  if (errors.practiceFields) return errors.practiceFields;
  return Object.keys(errors).length > 0 ? t.problem.formHasErrors : explain(error);
}

/** The groups in which the fields are shown, folded away until wanted. */
export const GROUPS = {
  identity: ["firstName", "middleName", "lastName", "preferredName"],
  clinical: ["birthDate", "sexAtBirth", "gender", "pronouns", "fitzpatrick", "allergies", "referringClinician", "primaryClinician"],
  numbers: ["mrn", "healthCardNumber"],
  contact: ["email", "phones", "address", "country", "preferredLanguage"],
  guardian: ["guardianName", "guardianRelation", "guardianPhone", "guardianMayConsent"],
  note: ["note"],
} as const satisfies Record<string, readonly FormField[]>;
export type GroupName = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as GroupName[];
