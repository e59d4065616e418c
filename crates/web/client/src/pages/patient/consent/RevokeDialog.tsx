import { useState } from "react";
import { fieldMessages } from "../../../api/problem";
import { t } from "../../../i18n";
import { consents as c } from "../../../i18n/consents";
import { useRevokeConsent } from "../../../resources/consents";
import { TextField } from "../../../ui/Field";
import { FormDialog } from "../../../ui/FormDialog";
import { toast } from "../../../ui/toasts";

export function RevokeDialog({ patientId, consentId, onClose }: { patientId: string; consentId: string; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const [tries, setTries] = useState(0);
  const revoke = useRevokeConsent(patientId, () => toast(c.revoked));
  const messages = fieldMessages(revoke.error);
  const submit = () => {
    const isMissing = !reason.trim();
    setMissing(isMissing);
    setTries(tries + 1);
    // Given here, it is called only while this dialog is open: a late answer closes no dialog that was opened after it.
    if (!isMissing) revoke.mutate({ consentId, reason: reason.trim() }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={c.revokeTitle}
      size="sm"
      onClose={onClose}
      isDirty={reason !== ""}
      submit={c.revoke}
      look="danger"
      isPending={revoke.isPending}
      error={revoke.error}
      problem={messages.reason ? t.problem.formHasErrors : undefined}
      tries={tries}
      onSubmit={submit}
    >
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
    </FormDialog>
  );
}
