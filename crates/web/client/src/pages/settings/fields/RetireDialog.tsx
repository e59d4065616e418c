import type { CustomField } from "../../../api/types";
import { t } from "../../../i18n";
import { customFields as fieldTexts } from "../../../i18n/customFields";
import { useChangeField } from "../../../resources/customFields";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { FormProblem } from "../../../ui/parts";
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
    <Dialog
      role="alertdialog"
      size="sm"
      title={f.retireTitle(field.label)}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button look="primary" isPending={change.isPending} onPress={retire}>
            {change.isPending ? t.common.saving : f.retire}
          </Button>
        </>
      }
    >
      <p>{f.retireText}</p>
      <FormProblem error={change.error} />
    </Dialog>
  );
}
