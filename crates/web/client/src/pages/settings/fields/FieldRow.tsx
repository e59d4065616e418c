import type { ReactNode } from "react";
import type { CustomField } from "../../../api/types";
import { t } from "../../../i18n";
import { customFields as fieldTexts } from "../../../i18n/customFields";
import { Button, IconButton } from "../../../ui/Button";
import styles from "./CustomFieldsSection.module.css";

const f = fieldTexts;

/** A field's buttons by name, for giving them the focus. */
export const buttonId = (button: "up" | "down" | "edit", id: string): string => `field-${button}-${id}`;

/** What a field is called and what it holds. */
export function FieldWords({ field, children }: { field: CustomField; children: ReactNode }) {
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <p className={styles.label}>{field.label}</p>
        <p className={styles.meta}>
          {f.kinds[field.kind]}
          {field.choices && <>: {field.choices.join(", ")}</>}
        </p>
      </div>
      <div className={styles.actions}>{children}</div>
    </li>
  );
}

interface Props {
  field: CustomField;
  isFirst: boolean;
  isLast: boolean;
  onMove: (step: -1 | 1) => void;
  onEdit: () => void;
  onRetire: () => void;
}

export function FieldRow({ field, isFirst, isLast, onMove, onEdit, onRetire }: Props) {
  return (
    <FieldWords field={field}>
      <IconButton id={buttonId("up", field.id)} icon="arrowUp" label={f.moveUp(field.label)} isDisabled={isFirst} onPress={() => onMove(-1)} />
      <IconButton id={buttonId("down", field.id)} icon="arrowDown" label={f.moveDown(field.label)} isDisabled={isLast} onPress={() => onMove(1)} />
      <Button id={buttonId("edit", field.id)} look="quiet" aria-label={f.editNamed(field.label)} onPress={onEdit}>
        {t.common.edit}
      </Button>
      <Button look="quiet" aria-label={f.retireNamed(field.label)} onPress={onRetire}>
        {f.retire}
      </Button>
    </FieldWords>
  );
}
