import type { CustomField } from "../../../api/types";
import { t } from "../../../i18n";
import { customFields as fieldTexts } from "../../../i18n/customFields";
import { useChangeField } from "../../../resources/customFields";
import { ConfirmDialog } from "../../../ui/FormDialog";
import { toast } from "../../../ui/toasts";

const f = fieldTexts;

export function RetireDialog({ field, onClose, onRetired }: { field: CustomField; onClose: () => void; onRetired: () => void }) {
  const change = useChangeField();
  const retire = () =>
    change.mutate(
      { id: field.id, patch: { retired: true } },
      {
        onSuccess: () => {
          toast(f.retired(field.label));
          onRetired();
        },
      },
    );
  return (
    <ConfirmDialog title={f.retireTitle(field.label)} onClose={onClose} look="primary" submit={f.retire} submitting={t.common.saving} isPending={change.isPending} error={change.error} onConfirm={retire}>
      <p>{f.retireText}</p>
    </ConfirmDialog>
  );
}
