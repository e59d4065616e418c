import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { patchPatient } from "../../api/endpoints";
import { explain, fieldMessages, isProblem } from "../../api/problem";
import type { Patient, PatientPatch } from "../../api/types";
import { useToday } from "../../app/clock";
import { keys } from "../../app/queries";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Banner, Choice, FormProblem } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { checkForm, type FormErrors, type FormField, formOf, isEmptyPatch, patchOf, placeErrors } from "../patients/form";
import { PatientFields } from "../patients/PatientFields";
import { type Conflict, conflictsOf, mergeForm } from "./conflicts";
import styles from "./DetailsTab.module.css";

const r = t.record;

export function EditDetailsDialog({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const formId = useId();
  const client = useQueryClient();
  const today = useToday();
  // What this edit started from; a refetch behind the dialog must not move it.
  const [base, setBase] = useState(patient);
  const [form, setForm] = useState(() => formOf(patient));
  const [tried, setTried] = useState(false);
  const [clash, setClash] = useState<{ current: Patient; conflicts: readonly Conflict[] } | null>(null);
  const [theirs, setTheirs] = useState<ReadonlySet<FormField>>(new Set());

  const save = useMutation({
    mutationFn: (patch: PatientPatch) => patchPatient(patient.id, patch),
    onSuccess: (next) => {
      client.setQueryData(keys.patient(patient.id), next);
      void client.invalidateQueries({ queryKey: keys.activity(patient.id) });
      void client.invalidateQueries({ queryKey: keys.patients });
      toast(r.saved);
      onClose();
    },
    onError: (error) => {
      if (!isProblem(error, "stale_version") || !error.current) return;
      const { current } = error;
      client.setQueryData(keys.patient(patient.id), current);
      setTheirs(new Set());
      setClash({ current, conflicts: conflictsOf(form, formOf(base), current) });
    },
  });

  const local = checkForm(form, today);
  const taken: FormErrors = isProblem(save.error, "unique_id_taken") ? { uniqueId: t.patients.uniqueIdTaken } : {};
  const errors: FormErrors = { ...placeErrors(fieldMessages(save.error)), ...taken, ...(tried ? local : {}) };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (clash) {
      const merged = mergeForm(form, formOf(base), clash.current, theirs);
      setForm(merged);
      setBase(clash.current);
      setClash(null);
      send(patchOf(merged, formOf(clash.current), clash.current.version));
      return;
    }
    setTried(true);
    if (Object.keys(local).length > 0) return;
    send(patchOf(form, formOf(base), base.version));
  };

  const send = (patch: PatientPatch) => {
    if (isEmptyPatch(patch)) {
      toast(r.nothingChanged);
      onClose();
    } else save.mutate(patch);
  };

  return (
    <Dialog
      title={clash ? r.staleTitle : r.editTitle}
      isOpen
      onClose={onClose}
      isDismissable={false}
      size="lg"
      actions={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form={formId} isPending={save.isPending}>
            {save.isPending ? t.common.saving : clash ? r.staleSave : t.common.save}
          </Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={submit} className={styles.form}>
        {clash ? (
          <Clash conflicts={clash.conflicts} theirs={theirs} onChange={setTheirs} />
        ) : (
          <>
            <PatientFields
              form={form}
              errors={errors}
              today={today}
              open={["identity", "clinical"]}
              maskedCard={base.healthCardNumber ?? null}
              onChange={(next) => {
                setForm(next);
                if (save.isError) save.reset();
              }}
            />
            <FormProblem error={save.error} title={Object.keys(errors).length > 0 ? t.problem.formHasErrors : explain(save.error)} />
          </>
        )}
      </form>
    </Dialog>
  );
}

interface ClashProps {
  conflicts: readonly Conflict[];
  theirs: ReadonlySet<FormField>;
  onChange: (theirs: ReadonlySet<FormField>) => void;
}

/** Both values of each field that two people changed. */
function Clash({ conflicts, theirs, onChange }: ClashProps) {
  const shown = (value: string | boolean): string =>
    typeof value === "boolean" ? (value ? t.common.yes : t.common.no) : value || r.notSet;
  return (
    <div className={styles.conflicts}>
      <Banner tone="warn" role="alert">
        {conflicts.length > 0 ? r.staleText : r.staleNone}
      </Banner>
      {conflicts.map(({ field, mine, theirs: other }) => (
        <Choice<"mine" | "theirs">
          key={field}
          label={r.fields[field]}
          name={`clash-${field}`}
          columns
          value={theirs.has(field) ? "theirs" : "mine"}
          onChange={(choice) => {
            const next = new Set(theirs);
            if (choice === "theirs") next.add(field);
            else next.delete(field);
            onChange(next);
          }}
          options={[
            { value: "mine", name: r.staleYours, text: shown(mine) },
            { value: "theirs", name: r.staleTheirs, text: shown(other) },
          ]}
        />
      ))}
    </div>
  );
}
