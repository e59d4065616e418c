import { useState } from "react";
import { useLocation } from "wouter";
import { useToday } from "../../app/clock";
import { t } from "../../i18n";
import { partOrder } from "../../rules/dateParts";
import { newFrom } from "../../rules/newFrom";
import { useCustomFields } from "../../resources/customFields";
import { useCreatePatient } from "../../resources/patients";
import { FormDialog } from "../../ui/FormDialog";
import { toast } from "../../ui/toasts";
import { useUnsavedDialog } from "../../ui/unsaved";
import { checkForm, emptyForm, errorsOf, type FormErrors, inputOf, same, summaryOf } from "./form";
import { FieldsNotLoaded } from "./FieldsNotLoaded";
import { PatientFields } from "./PatientFields";

/** What is not seen, comes with what is pasted, and belongs in no name; joiners do. The search does not see them either. */
const UNSEEN = /[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g;

/** `from` is what was searched for in vain: a date of birth, an ID or a name. */
export function NewPatientDialog({ from = "", onClose }: { from?: string; onClose: () => void }) {
  const [, go] = useLocation();
  // What was searched for is no typing of its own: it is still in the search.
  const today = useToday();
  const [start] = useState(() => ({ ...emptyForm, ...newFrom(from.replace(UNSEEN, ""), { order: partOrder(t.locale), locale: t.locale, today }) }));
  const [form, setForm] = useState(start);
  const [tries, setTries] = useState(0);
  const unsaved = useUnsavedDialog(!same(form, start));
  const own = useCustomFields();

  const create = useCreatePatient((patient) => toast(t.patients.created(patient.uniqueId)));

  const local = checkForm(form, today, own.fields);
  const errors: FormErrors = { ...errorsOf(create.error, own.fields), ...(tries > 0 ? local : {}) };

  const submit = () => {
    setTries(tries + 1);
    if (Object.keys(local).length > 0) return;
    // Given here, it is called only while the dialog is open: a late answer must not navigate away from another page.
    create.mutate(inputOf(form, own.fields), {
      onSuccess: (patient) => {
        unsaved.settle();
        go(`/patients/${patient.id}`);
      },
    });
  };

  return (
    <FormDialog
      title={t.patients.createTitle}
      size="lg"
      onClose={onClose}
      unsaved={unsaved}
      submit={t.patients.create}
      submitting={t.patients.creating}
      isPending={create.isPending}
      error={create.error}
      problem={summaryOf(create.error, errors)}
      tries={tries}
      onSubmit={submit}
    >
      <PatientFields
        form={form}
        errors={errors}
        fields={own.fields}
        held={emptyForm.practiceFields}
        onChange={(next) => {
          setForm(next);
          if (create.isError) create.reset();
        }}
      />
      <FieldsNotLoaded query={own.query} />
    </FormDialog>
  );
}
