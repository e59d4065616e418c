/** P2: what can be checked in a field's definition before asking the server. */
import type { CustomField, CustomFieldInput, CustomFieldKind, CustomFieldPatch } from "../../../api/types";
import { customFields as fieldTexts } from "../../../i18n/customFields";

const f = fieldTexts;

export const MOST_IN_USE = 20;
export const MOST_CHOICES = 50;
const LONGEST = 60;

export const KINDS = ["text", "number", "date", "yes_no", "choice"] as const satisfies readonly CustomFieldKind[];

export interface FieldDraft {
  readonly label: string;
  readonly kind: CustomFieldKind;
  /** One choice a line. */
  readonly choices: string;
}
export type DraftErrors = Partial<Record<keyof FieldDraft, string>>;

export const draftOf = (field: CustomField | null): FieldDraft => ({
  label: field?.label ?? "",
  kind: field?.kind ?? "text",
  choices: (field?.choices ?? []).join("\n"),
});

export const choicesIn = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** Compared without case, as the server does. */
const folded = (text: string): string => text.trim().toLowerCase();
const isTooLong = (text: string): boolean => [...text].length > LONGEST;

function checkChoices(choices: readonly string[]): string | undefined {
  const long = choices.find(isTooLong);
  if (long !== undefined) return f.choiceTooLong([...long].slice(0, 24).join(""));
  const twice = choices.find((choice, at) => choices.findIndex((other) => folded(other) === folded(choice)) < at);
  if (twice !== undefined) return f.choiceTwice(twice);
  if (choices.length > MOST_CHOICES) return f.choicesMany(MOST_CHOICES);
  return choices.length < 2 ? f.choicesFew : undefined;
}

/** `others` are the fields beside which this one stands. */
export function checkDraft(draft: FieldDraft, others: readonly CustomField[]): DraftErrors {
  const errors: DraftErrors = {};
  const label = draft.label.trim();
  if (!label) errors.label = f.labelNeeded;
  else if (isTooLong(label)) errors.label = f.labelTooLong;
  else if (others.some((other) => !other.retired && folded(other.label) === folded(label))) errors.label = f.labelTaken;
  const choices = draft.kind === "choice" ? checkChoices(choicesIn(draft.choices)) : undefined;
  if (choices) errors.choices = choices;
  return errors;
}

export const fieldInput = (draft: FieldDraft): CustomFieldInput => ({
  label: draft.label.trim(),
  kind: draft.kind,
  ...(draft.kind === "choice" ? { choices: choicesIn(draft.choices) } : {}),
});

/** Only what differs, so that the audit trail shows what was changed. */
export function fieldPatch(draft: FieldDraft, field: CustomField): CustomFieldPatch {
  const patch: CustomFieldPatch = {};
  if (draft.label.trim() !== field.label) patch.label = draft.label.trim();
  const choices = choicesIn(draft.choices);
  if (field.kind === "choice" && choices.join("\n") !== (field.choices ?? []).join("\n")) patch.choices = choices;
  return patch;
}

/** The `errors[].field` of the server (`choices[3]`) on the dialog's fields. */
export function placeDraftErrors(messages: Readonly<Record<string, string>>): DraftErrors {
  const errors: DraftErrors = {};
  for (const [field, message] of Object.entries(messages)) {
    const name = field.replace(/[[.].*$/, "");
    if (name === "label" || name === "kind" || name === "choices") errors[name] ??= message;
  }
  return errors;
}
