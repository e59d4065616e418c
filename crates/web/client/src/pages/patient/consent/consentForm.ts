/** What a consent needs before it can be recorded (N3), and what is sent. */
import { consents as c } from "../../../i18n/consents";
import { dateProblem } from "../../../i18n/dateProblem";
import type { ConsentForm, ConsentInput } from "../../../api/types";
import type { Signature } from "./SignatureField";
import { inkOf } from "./strokes";

export type Role = "patient" | "guardian" | "representative";
export type How = "verbal" | "written" | "other";

export interface ConsentDraft {
  purposes: readonly string[];
  method: "digital" | "external";
  signature: Signature;
  how: How;
  notes: string;
  signerName: string;
  signerRole: Role;
  witness: string;
  expiresOn: string;
}

export function startDraft(form: ConsentForm, signerName: string): ConsentDraft {
  return {
    purposes: form.purposes.filter((purpose) => purpose.required).map((purpose) => purpose.code),
    method: "digital",
    signature: { strokes: [], width: 0, height: 0 },
    how: "written",
    notes: "",
    signerName,
    signerRole: "patient",
    witness: "",
    expiresOn: "",
  };
}

export type DraftErrors = Partial<Record<"purposes" | "signature" | "notes" | "signerName" | "expiresOn" | "witness", string>>;

export function checkDraft(draft: ConsentDraft, form: ConsentForm, today: string): DraftErrors {
  const errors: DraftErrors = {};
  if (form.purposes.some((purpose) => purpose.required && !draft.purposes.includes(purpose.code))) errors.purposes = c.purposeMissing;
  if (draft.method === "digital") {
    const ink = inkOf(draft.signature.strokes);
    if (ink === "none") errors.signature = c.padEmpty;
    else if (ink === "short") errors.signature = c.padShort;
  } else if (!draft.notes.trim()) errors.notes = c.externalNotesMissing;
  if (!draft.signerName.trim()) errors.signerName = c.signerMissing;
  const expiresOn = dateProblem(draft.expiresOn) ?? (draft.expiresOn && draft.expiresOn <= today ? c.expiresPast : undefined);
  if (expiresOn) errors.expiresOn = expiresOn;
  return errors;
}

export function consentInput(draft: ConsentDraft, form: ConsentForm): ConsentInput {
  const input: ConsentInput = {
    template: form.template,
    version: form.version,
    language: form.language,
    // In the form's order, not in the order in which they were ticked.
    purposes: form.purposes.map((purpose) => purpose.code).filter((code) => draft.purposes.includes(code)) as ConsentInput["purposes"],
    method:
      draft.method === "digital"
        ? { kind: "digital", ...draft.signature }
        : { kind: "external", how: draft.how, notes: draft.notes.trim() },
    signerName: draft.signerName.trim(),
    signerRole: draft.signerRole,
  };
  if (draft.witness.trim()) input.witness = draft.witness.trim();
  if (draft.expiresOn) input.expiresOn = draft.expiresOn;
  return input;
}

/** The server's field names (`method.notes`) on the dialog's. */
export function placeConsentErrors(messages: Record<string, string>): DraftErrors {
  const errors: DraftErrors = {};
  for (const [field, message] of Object.entries(messages)) {
    if (field.startsWith("method.notes") || field === "notes") errors.notes ??= message;
    else if (field.startsWith("method") || field.startsWith("strokes")) errors.signature ??= message;
    else if (field.startsWith("purposes")) errors.purposes ??= message;
    else if (field === "signerName" || field === "expiresOn" || field === "witness") errors[field] ??= message;
  }
  return errors;
}
