import { type FormEvent, useId, useRef, useState } from "react";
import { fieldMessages } from "../../../api/problem";
import { t } from "../../../i18n";
import { consents as c } from "../../../i18n/consents";
import { useRevokeConsent } from "../../../resources/consents";
import { Button } from "../../../ui/Button";
import { CancelButton, Dialog } from "../../../ui/Dialog";
import { TextField } from "../../../ui/Field";
import { FormProblem } from "../../../ui/parts";
import { toast } from "../../../ui/toasts";
import { useUnsavedDialog } from "../../../ui/unsaved";
import { useLeadToFault } from "../../../ui/useLeadToFault";
import styles from "./ConsentDialog.module.css";

export function RevokeDialog({ patientId, consentId, onClose }: { patientId: string; consentId: string; onClose: () => void }) {
  const formId = useId();
  const [reason, setReason] = useState("");
  const unsaved = useUnsavedDialog(reason !== "");
  const [missing, setMissing] = useState(false);
  const [tries, setTries] = useState(0);
  const place = useRef<HTMLFormElement>(null);
  useLeadToFault(place, tries);
  const revoke = useRevokeConsent(patientId, () => toast(c.revoked));
  const messages = fieldMessages(revoke.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isMissing = !reason.trim();
    setMissing(isMissing);
    setTries(tries + 1);
    // Given here, it is called only while this dialog is open: a late answer closes no dialog that was opened after it.
    if (!isMissing) revoke.mutate({ consentId, reason: reason.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog
      title={c.revokeTitle}
      size="sm"
      isOpen
      onClose={onClose}
      isDismissable={false}
      unsaved={unsaved}
      actions={
        <>
          <CancelButton />
          <Button look="danger" type="submit" form={formId} isPending={revoke.isPending}>
            {c.revoke}
          </Button>
        </>
      }
    >
      <form ref={place} id={formId} noValidate onSubmit={submit} className={styles.form}>
        <p>{c.revokeText}</p>
        <TextField
          label={c.revokeReason}
          rows={3}
          autoFocus
          isRequired
          value={reason}
          onChange={(text) => {
            setReason(text);
            setMissing(false);
          }}
          error={messages.reason ?? (missing ? c.revokeReasonMissing : undefined)}
        />
        <FormProblem error={revoke.error} {...(messages.reason ? { title: t.problem.formHasErrors } : {})} />
      </form>
    </Dialog>
  );
}
