import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useLocation } from "wouter";
import { createPatient } from "../../api/endpoints";
import { explain, fieldMessages, isProblem } from "../../api/problem";
import { useToday } from "../../app/clock";
import { keys } from "../../app/queries";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FormProblem } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { checkForm, emptyForm, type FormErrors, inputOf, placeErrors } from "./form";
import { PatientFields } from "./PatientFields";

export function NewPatientDialog({ onClose }: { onClose: () => void }) {
  const formId = useId();
  const client = useQueryClient();
  const [, go] = useLocation();
  const [form, setForm] = useState(emptyForm);
  const [tried, setTried] = useState(false);
  const today = useToday();

  const create = useMutation({
    mutationFn: () => createPatient(inputOf(form)),
    onSuccess: (patient) => {
      client.setQueryData(keys.patient(patient.id), patient);
      void client.invalidateQueries({ queryKey: keys.patients });
      toast(t.patients.created(patient.uniqueId));
      go(`/patients/${patient.id}`);
    },
  });

  const local = checkForm(form, today);
  const taken: FormErrors = isProblem(create.error, "unique_id_taken") ? { uniqueId: t.patients.uniqueIdTaken } : {};
  const server = placeErrors(fieldMessages(create.error));
  const errors: FormErrors = { ...server, ...taken, ...(tried ? local : {}) };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(local).length > 0) return;
    create.mutate();
  };

  return (
    <Dialog
      title={t.patients.createTitle}
      isOpen
      onClose={onClose}
      isDismissable={false}
      size="lg"
      actions={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form={formId} isPending={create.isPending}>
            {create.isPending ? t.patients.creating : t.patients.create}
          </Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={submit}>
        <PatientFields
          form={form}
          errors={errors}
          today={today}
          open={["identity", "clinical"]}
          onChange={(next) => {
            setForm(next);
            if (create.isError) create.reset();
          }}
        />
        <FormProblem error={create.error} title={Object.keys(errors).length > 0 ? t.problem.formHasErrors : create.error ? explain(create.error) : ""} />
      </form>
    </Dialog>
  );
}
