import { useEffect, useState } from "react";
import type { FieldConflict } from "../../api/problem";
import type { CustomField, Patient, PatientPatch } from "../../api/types";
import { useToday } from "../../app/clock";
import { recall, remember } from "../../app/sealed";
import { t } from "../../i18n";
import { details as d } from "../../i18n/details";
import { useCustomFields } from "../../resources/customFields";
import { useEditPatient } from "../../resources/patients";
import { Button } from "../../ui/Button";
import { FormDialog } from "../../ui/FormDialog";
import { toast } from "../../ui/toasts";
import { discarding, useUnsavedDialog } from "../../ui/unsaved";
import { type CustomName, customId } from "../patients/customFields";
import { type Edits, EditsContext } from "../patients/Edited";
import { FieldsNotLoaded } from "../patients/FieldsNotLoaded";
import { changedFields, checkForm, errorsOf, type FormErrors, type FormField, formOf, isEmptyPatch, patchOf, type PatientForm, summaryOf, undone } from "../patients/form";
import { PatientFields } from "../patients/PatientFields";
import { Clash } from "./Clash";
import { type Choices, mergeForm, unsavedOf } from "./conflicts";
import styles from "./DetailsTab.module.css";
import { type Draft, draftName, resumed } from "./draft";
import { shownCustom, shownValue } from "./shownValue";

interface Clashing {
  /** What is left of it: the fields that clash. */
  readonly sent: PatientPatch;
  readonly current: Patient;
  readonly conflicts: readonly FieldConflict[];
  readonly isRestSaved: boolean;
}

export function EditDetailsDialog({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const today = useToday();
  const own = useCustomFields();
  // What this edit started from; a refetch behind the dialog must not move it.
  const draft = draftName(patient.id);
  const [kept] = useState(() => {
    const found = recall(draft) as Draft | undefined;
    return found && resumed(found, patient);
  });
  const [base, setBase] = useState(kept?.base ?? patient);
  const [form, setForm] = useState(() => kept?.form ?? formOf(patient));
  const [tries, setTries] = useState(0);
  const [clash, setClash] = useState<Clashing | null>(null);
  const [choices, setChoices] = useState<Choices>({});

  const start = formOf(base);
  const changed = changedFields(form, start, own.fields);
  const isDirty = clash !== null || changed.length > 0;
  const unsaved = useUnsavedDialog(isDirty);
  // R0: for a page that is loaded anew. Whoever closes the dialog was asked.
  useEffect(() => remember(draft, isDirty ? ({ base, form } satisfies Draft) : undefined), [draft, isDirty, base, form]);
  useEffect(() => () => remember(draft, undefined), [draft]);

  const save = useEditPatient(patient.id, {
    onSaved: () => toast(d.saved),
    onStale: ({ sent, saved, ...stale }) => {
      setChoices({});
      setClash({ ...stale, sent: unsavedOf(sent, saved), isRestSaved: saved.length > 0 });
    },
  });
  const change = (next: PatientForm) => {
    setForm(next);
    if (save.isError) save.reset();
  };
  const edits: Edits = {
    changed: new Set(changed),
    before: (name) => heldIn(base, name, own.fields) ?? t.record.notSet,
    undo: (name) => change(undone(form, start, name)),
  };

  const local = checkForm(form, today, own.fields);
  const errors: FormErrors = { ...errorsOf(save.error, own.fields), ...(tries > 0 ? local : {}) };

  // F8: nothing is chosen for the person.
  const isChosen = clash === null || clash.conflicts.every(({ field }) => choices[field] !== undefined);

  const submit = () => {
    if (clash) {
      const { current, sent, conflicts } = clash;
      if (!isChosen) return;
      const merged = mergeForm(current, sent, choices, conflicts, own.fields);
      setForm(merged);
      setBase(current);
      setClash(null);
      send(patchOf(merged, formOf(current), current.version, own.fields));
      return;
    }
    setTries(tries + 1);
    if (Object.keys(local).length > 0) return;
    send(patchOf(form, start, base.version, own.fields));
  };

  const send = (patch: PatientPatch) => {
    if (isEmptyPatch(patch)) {
      toast(d.nothingChanged);
      onClose();
    }
    // Given here, it is called only while this dialog is open: a late answer closes no dialog that was opened after it.
    else save.mutate(patch, { onSuccess: onClose });
  };

  return (
    <FormDialog
      title={clash ? d.stale.title : d.title}
      size="lg"
      onClose={onClose}
      unsaved={unsaved}
      actions={
        <>
          <p role="status" className={styles.amount}>
            {clash === null && changed.length > 0 && d.changed(changed.length)}
          </p>
          {clash === null && changed.length > 0 && <Button onPress={() => discarding(() => change(start), unsaved.scope)}>{d.discard}</Button>}
        </>
      }
      submit={clash ? d.stale.save : t.common.save}
      submitting={t.common.saving}
      isPending={save.isPending}
      isDisabled={!isChosen}
      error={clash ? null : save.error}
      problem={summaryOf(save.error, errors)}
      tries={tries}
      onSubmit={submit}
    >
      {clash ? (
        <Clash isRestSaved={clash.isRestSaved} conflicts={clash.conflicts} fields={own.fields} choices={choices} onChange={setChoices} />
      ) : (
        <EditsContext value={edits}>
          <PatientFields
            form={form}
            errors={errors}
            fields={own.fields}
            held={base.practiceFields}
            maskedCard={base.healthCardNumber ?? null}
            onChange={change}
          />
          <FieldsNotLoaded query={own.query} />
        </EditsContext>
      )}
    </FormDialog>
  );
}

/** What a record holds in a field of the form, as text. */
function heldIn(patient: Patient, name: FormField | CustomName, fields: readonly CustomField[]): string | null {
  const id = customId(name);
  if (id === null) return shownValue(patient, name as FormField);
  const held = patient.practiceFields[id];
  return held ? shownCustom(fields.find((field) => field.id === id), held) : null;
}
