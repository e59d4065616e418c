import { useState } from "react";
import { fieldMessages } from "../../../api/problem";
import type { CustomField } from "../../../api/types";
import { t } from "../../../i18n";
import { customFields as fieldTexts } from "../../../i18n/customFields";
import { useChangeField, useCreateField } from "../../../resources/customFields";
import { TextField } from "../../../ui/Field";
import { FormDialog } from "../../../ui/FormDialog";
import { Choice } from "../../../ui/parts";
import { toast } from "../../../ui/toasts";
import { checkDraft, choicesIn, draftOf, type FieldDraft, fieldInput, fieldPatch, KINDS, MOST_CHOICES, placeDraftErrors } from "./fieldRules";
import styles from "./CustomFieldsSection.module.css";

const f = fieldTexts;

interface Props {
  /** The field to be edited; null for a new one. */
  field: CustomField | null;
  others: readonly CustomField[];
  onClose: () => void;
  /** Called only while the dialog is open. */
  onSaved: (field: CustomField) => void;
}

export function FieldDialog({ field, others, onClose, onSaved }: Props) {
  const [start] = useState(() => draftOf(field));
  const [draft, setDraft] = useState(start);
  const [tries, setTries] = useState(0);
  const tried = tries > 0;
  const create = useCreateField((saved) => toast(f.added(saved.label)));
  const edit = useChangeField((saved) => toast(f.changed(saved.label)));
  const save = field ? edit : create;

  const set = (change: Partial<FieldDraft>) => {
    setDraft((old) => ({ ...old, ...change }));
    if (save.isError) save.reset();
  };
  const local = checkDraft(draft, others);
  const errors = { ...placeDraftErrors(fieldMessages(save.error)), ...(tried ? local : {}) };
  const hasErrors = Object.keys(errors).length > 0;

  const submit = () => {
    setTries(tries + 1);
    if (Object.keys(local).length > 0) return;
    // Given to the call, it is called only while the dialog is open.
    const then = { onSuccess: onSaved };
    if (!field) return create.mutate(fieldInput(draft), then);
    const patch = fieldPatch(draft, field);
    if (Object.keys(patch).length === 0) onClose();
    else edit.mutate({ id: field.id, patch }, then);
  };

  return (
    <FormDialog
      title={field ? f.editTitle : f.addTitle}
      onClose={onClose}
      isDirty={JSON.stringify(draft) !== JSON.stringify(start)}
      submit={field ? t.common.save : f.add}
      submitting={t.common.saving}
      isPending={save.isPending}
      error={save.error}
      problem={hasErrors ? t.problem.formHasErrors : undefined}
      tries={tries}
      onSubmit={submit}
    >
      <TextField
        name="label"
        label={f.label}
        help={f.labelHelp}
        isRequired
        autoFocus
        autoComplete="off"
        value={draft.label}
        onChange={(label) => set({ label })}
        error={errors.label}
      />
      {field ? (
        <p className={styles.fixed}>
          {f.kind}: <strong>{f.kinds[field.kind]}</strong>
        </p>
      ) : (
        <Choice
          label={f.kind}
          help={f.kindStays}
          name="kind"
          columns
          value={draft.kind}
          onChange={(kind) => set({ kind })}
          options={KINDS.map((kind) => ({ value: kind, name: f.kinds[kind], text: f.kindHelp[kind] }))}
        />
      )}
      {draft.kind === "choice" && (
        <TextField
          name="choices"
          label={f.choices}
          rows={5}
          isRequired
          autoComplete="off"
          help={`${f.choicesHelp(choicesIn(draft.choices).length, MOST_CHOICES)}${field ? ` ${f.choicesStay}` : ""}`}
          value={draft.choices}
          onChange={(choices) => set({ choices })}
          error={errors.choices}
        />
      )}
    </FormDialog>
  );
}
