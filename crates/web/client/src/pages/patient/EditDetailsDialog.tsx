import { type FormEvent, useId, useRef, useState } from "react";
import { type FieldConflict, fieldMessages, isProblem } from "../../api/problem";
import type { Patient, PatientPatch } from "../../api/types";
import { useToday } from "../../app/clock";
import { t } from "../../i18n";
import { useCustomFields } from "../../resources/customFields";
import { useEditPatient } from "../../resources/patients";
import { Button } from "../../ui/Button";
import { CancelButton, Dialog } from "../../ui/Dialog";
import { FormProblem } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { useUnsavedDialog } from "../../ui/unsaved";
import { useLeadToFault } from "../../ui/useLeadToFault";
import { FieldsNotLoaded } from "../patients/FieldsNotLoaded";
import { checkForm, type FormErrors, formOf, isEmptyPatch, patchOf, placeErrors, same, summaryOf } from "../patients/form";
import { PatientFields } from "../patients/PatientFields";
import { Clash } from "./Clash";
import { type Choices, mergeForm } from "./conflicts";
import styles from "./DetailsTab.module.css";

const r = t.record;

interface Clashing {
  readonly sent: PatientPatch;
  readonly current: Patient;
  readonly conflicts: readonly FieldConflict[];
}

export function EditDetailsDialog({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const formId = useId();
  const today = useToday();
  const own = useCustomFields();
  // What this edit started from; a refetch behind the dialog must not move it.
  const [base, setBase] = useState(patient);
  const [form, setForm] = useState(() => formOf(patient));
  const [tries, setTries] = useState(0);
  const tried = tries > 0;
  const place = useRef<HTMLFormElement>(null);
  useLeadToFault(place, tries);
  const [clash, setClash] = useState<Clashing | null>(null);
  const [choices, setChoices] = useState<Choices>({});

  const unsaved = useUnsavedDialog(clash !== null || !same(form, formOf(base)));
  const save = useEditPatient(patient.id, {
    onSaved: () => toast(r.saved),
    onStale: (stale) => {
      setChoices({});
      setClash(stale);
    },
  });

  const local = checkForm(form, today, own.fields);
  const taken: FormErrors = isProblem(save.error, "unique_id_taken") ? { uniqueId: t.patients.uniqueIdTaken } : {};
  const errors: FormErrors = { ...placeErrors(fieldMessages(save.error), own.fields), ...taken, ...(tried ? local : {}) };

  // F8: nothing is chosen for the person.
  const isChosen = clash === null || clash.conflicts.every(({ field }) => choices[field] !== undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
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
    send(patchOf(form, formOf(base), base.version, own.fields));
  };

  const send = (patch: PatientPatch) => {
    if (isEmptyPatch(patch)) {
      toast(r.nothingChanged);
      onClose();
    }
    // Given here, it is called only while this dialog is open: a late answer closes no dialog that was opened after it.
    else save.mutate(patch, { onSuccess: onClose });
  };

  return (
    <Dialog
      title={clash ? r.staleTitle : r.editTitle}
      isOpen
      onClose={onClose}
      isDismissable={false}
      unsaved={unsaved}
      size="lg"
      actions={
        <>
          <CancelButton />
          <Button look="primary" type="submit" form={formId} isPending={save.isPending} isDisabled={!isChosen}>
            {save.isPending ? t.common.saving : clash ? r.staleSave : t.common.save}
          </Button>
        </>
      }
    >
      <form ref={place} id={formId} noValidate onSubmit={submit} className={styles.form}>
        {clash ? (
          <Clash conflicts={clash.conflicts} fields={own.fields} choices={choices} onChange={setChoices} />
        ) : (
          <>
            <PatientFields
              form={form}
              errors={errors}
              open={["identity", "clinical"]}
              fields={own.fields}
              held={base.practiceFields}
              maskedCard={base.healthCardNumber ?? null}
              onChange={(next) => {
                setForm(next);
                if (save.isError) save.reset();
              }}
            />
            <FieldsNotLoaded query={own.query} />
            <FormProblem error={save.error} title={summaryOf(save.error, errors)} />
          </>
        )}
      </form>
    </Dialog>
  );
}
