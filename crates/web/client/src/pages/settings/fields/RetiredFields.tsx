import { explain, fieldMessages } from "../../../api/problem";
import type { CustomField } from "../../../api/types";
import { customFields as fieldTexts } from "../../../i18n/customFields";
import { useChangeField } from "../../../resources/customFields";
import { Button } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import { FormProblem } from "../../../ui/parts";
import { toast } from "../../../ui/toasts";
import { FieldWords } from "./FieldRow";
import styles from "./CustomFieldsSection.module.css";

const f = fieldTexts;

/** The fields that are no longer in forms, folded away behind the others. */
export function RetiredFields({ fields, isFull, onRevived }: { fields: readonly CustomField[]; isFull: boolean; onRevived: (id: string) => void }) {
  const change = useChangeField();
  if (fields.length === 0) return null;
  const revive = (field: CustomField) =>
    change.mutate(
      { id: field.id, patch: { retired: false } },
      {
        onSuccess: () => {
          toast(f.revived(field.label));
          onRevived(field.id);
        },
      },
    );
  return (
    <details className={styles.retired}>
      <summary>
        <Icon name="chevronRight" size={18} />
        {f.retiredTitle(fields.length)}
      </summary>
      <p className={styles.meta}>{f.retiredText}</p>
      {/* The server may refuse because another field has the name by now: that stands beside `label`. */}
      <FormProblem error={change.error} title={fieldMessages(change.error).label ?? explain(change.error)} />
      <ul>
        {fields.map((field) => (
          <FieldWords key={field.id} field={field}>
            <Button
              look="quiet"
              aria-label={f.reviveNamed(field.label)}
              isDisabled={isFull}
              isPending={change.isPending && change.variables.id === field.id}
              onPress={() => revive(field)}
            >
              {f.revive}
            </Button>
          </FieldWords>
        ))}
      </ul>
    </details>
  );
}
