import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { explain, fieldMessages } from "../../../api/problem";
import type { ConsentForm, Patient } from "../../../api/types";
import { useToday } from "../../../app/clock";
import { language, t } from "../../../i18n";
import { consents as c } from "../../../i18n/consents";
import { consentFormQuery, useConsentGiven, useRecordConsent } from "../../../resources/consents";
import { useHandOverSession } from "../../../resources/session";
import { fullName } from "../../../rules/fullName";
import { Button } from "../../../ui/Button";
import { CancelButton, Dialog } from "../../../ui/Dialog";
import { DateField } from "../../../ui/DateField";
import { Select, TextField } from "../../../ui/Field";
import { Choice, Failed, FormProblem, Skeleton } from "../../../ui/parts";
import { toast } from "../../../ui/toasts";
import { useUnsaved } from "../../../ui/unsaved";
import { useLeadToFault } from "../../../ui/useLeadToFault";
import { displayName } from "../../patients/names";
import styles from "./ConsentDialog.module.css";
import { checkDraft, type ConsentDraft, consentInput, type DraftErrors, type How, placeConsentErrors, type Role, startDraft } from "./consentForm";
import { FormText } from "./FormText";
import { HandOver } from "./HandOver";
import { documentOf } from "./paragraphs";
import { Purposes } from "./Purposes";

/** Prepares a consent: one given elsewhere is recorded here, one to be signed goes to the person who signs (N6). */
export function ConsentDialog({ patient, onClose, onRecorded }: { patient: Patient; onClose: () => void; onRecorded: (uploadsGoOn: boolean) => void }) {
  const formId = useId();
  const form = useQuery(consentFormQuery(language()));
  const record = useRecordConsent(patient.id, () => toast(c.recorded));
  const handOver = useHandOverSession();
  const isBusy = record.isPending || handOver.isPending;
  const [method, setMethod] = useState<ConsentDraft["method"]>("digital");
  return (
    <Dialog
      title={c.dialogTitle(displayName(patient))}
      isOpen
      onClose={onClose}
      isDismissable={false}
      size="lg"
      actions={
        <>
          <CancelButton />
          <Button look="primary" type="submit" form={formId} isPending={isBusy} isDisabled={!form.data}>
            {record.isPending ? c.submitting : method === "digital" ? c.handOver : c.submit}
          </Button>
        </>
      }
    >
      {form.isPending && <Skeleton rows={4} />}
      {form.isError && <Failed error={form.error} onRetry={() => void form.refetch()} />}
      {form.data && <Draft key={form.data.version} id={formId} form={form.data} patient={patient} record={record} handOver={handOver} onMethod={setMethod} onRecorded={onRecorded} />}
    </Dialog>
  );
}

interface DraftProps {
  id: string;
  form: ConsentForm;
  patient: Patient;
  record: ReturnType<typeof useRecordConsent>;
  handOver: ReturnType<typeof useHandOverSession>;
  onMethod: (method: ConsentDraft["method"]) => void;
  onRecorded: (uploadsGoOn: boolean) => void;
}

function Draft({ id, form, patient, record, handOver, onMethod, onRecorded }: DraftProps) {
  const today = useToday();
  const names = fullName(patient.firstName, patient.lastName);
  const [start] = useState<ConsentDraft>(() => startDraft(form, names));
  const [draft, setDraft] = useState(start);
  const settle = useUnsaved(JSON.stringify(draft) !== JSON.stringify(start));
  const [tries, setTries] = useState(0);
  const [isHandedOver, setHandedOver] = useState(false);
  const given = useConsentGiven(patient.id);
  const tried = tries > 0;
  const place = useRef<HTMLFormElement>(null);
  useLeadToFault(place, tries);
  const set = (change: Partial<ConsentDraft>) => {
    setDraft((old) => ({ ...old, ...change }));
    if (record.isError) record.reset();
    if (handOver.isError) handOver.reset();
  };
  const isDigital = draft.method === "digital";
  // What a patient decides is asked for in their hands.
  const { signature: _signature, purposes: _purposes, ...before } = checkDraft(draft, form, today);
  const local: DraftErrors = isDigital ? before : checkDraft(draft, form, today);
  const errors: DraftErrors = { ...placeConsentErrors(fieldMessages(record.error)), ...(tried ? local : {}) };

  const recorded = (goOn: boolean) => {
    settle();
    onRecorded(goOn);
  };
  const backSigned = async () => {
    // The sheet stays until the record is here as it is now: nothing shows that there is no consent.
    const goOn = await given();
    // It takes its entry of the history with it, before another address takes the place of the dialog's.
    flushSync(() => setHandedOver(false));
    recorded(goOn);
    toast(c.recorded);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    if (Object.keys(local).length > 0) return;
    if (isDigital) handOver.mutate(patient.id, { onSuccess: () => setHandedOver(true) });
    // Given here, it is called only while the dialog is open: a late answer must not navigate away from another page.
    else record.mutate({ input: consentInput(draft, form), isHandedOver: false }, { onSuccess: recorded });
  };

  return (
    <>
      <form ref={place} id={id} noValidate onSubmit={submit} className={styles.form}>
        <Choice<ConsentDraft["method"]>
          label={c.how}
          name="method"
          columns
          value={draft.method}
          onChange={(method) => {
            set({ method });
            onMethod(method);
          }}
          options={[
            { value: "digital", name: c.digital, text: c.digitalHelp, icon: "pen" },
            { value: "external", name: c.external, text: c.externalHelp, icon: "consent" },
          ]}
        />
        {isDigital ? (
          <>
            <p className={styles.note}>{c.digitalNote}</p>
            <details className={styles.preview}>
              <summary>{c.showForm}</summary>
              <Paper form={form} />
            </details>
          </>
        ) : (
          <>
            <section className={styles.text} aria-label={form.title}>
              <Paper form={form} />
              <Purposes form={form} heading={documentOf(form.text).agreement} chosen={draft.purposes} onChange={(purposes) => set({ purposes })} error={errors.purposes} />
            </section>
            <div className={styles.pair}>
              <Select
                label={c.externalHow}
                value={draft.how}
                onChange={(how) => set({ how: how as How })}
                options={Object.entries(c.externalKinds).map(([value, label]) => ({ value, label }))}
              />
              <TextField label={c.externalNotes} help={c.externalNotesHelp} rows={3} isRequired value={draft.notes} onChange={(notes) => set({ notes })} error={errors.notes} />
            </div>
          </>
        )}

        <div className={styles.pair}>
          <TextField label={c.signer} isRequired autoComplete="off" value={draft.signerName} onChange={(signerName) => set({ signerName })} error={errors.signerName} />
          <Select
            label={c.role}
            value={draft.signerRole}
            onChange={(role) => set({ signerRole: role as Role })}
            options={Object.entries(c.roles).map(([value, label]) => ({ value, label }))}
          />
          <TextField label={c.witness} optional autoComplete="off" value={draft.witness} onChange={(witness) => set({ witness })} error={errors.witness} />
          <DateField label={c.expires} optional help={c.expiresHelp} value={draft.expiresOn} onChange={(expiresOn) => set({ expiresOn })} error={errors.expiresOn} />
        </div>
        <FormProblem error={record.error || handOver.error || (tried && Object.keys(errors).length > 0)} title={Object.keys(errors).length > 0 ? t.problem.formHasErrors : explain(record.error ?? handOver.error)} />
      </form>
      {isHandedOver && (
        <HandOver
          form={form}
          draft={draft}
          today={today}
          onChange={set}
          onSign={async () => {
            await record.mutateAsync({ input: consentInput(draft, form), isHandedOver: true });
          }}
          onHandOver={() => handOver.mutateAsync(patient.id)}
          onBack={(isSigned) => {
            if (isSigned) {
              void backSigned();
              return;
            }
            setHandedOver(false);
            // What was drawn and not recorded is nobody's signature.
            set({ signature: { strokes: [], width: 0, height: 0 } });
            toast(c.notSigned, "bad");
          }}
        />
      )}
    </>
  );
}

function Paper({ form }: { form: ConsentForm }) {
  return (
    <div className={styles.paper}>
      <h3>{form.title}</h3>
      <FormText text={form.text} />
      <p className={styles.version}>{c.formVersion(form.template, form.version)}</p>
    </div>
  );
}
