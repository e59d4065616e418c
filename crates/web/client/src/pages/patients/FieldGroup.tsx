import { type ReactNode, useState } from "react";
import { Icon } from "../../ui/icons";
import styles from "./PatientFields.module.css";

/** A group of fields that folds away. */
export function FieldGroup(props: { title: string; hint: string; startsOpen: boolean; hasError: boolean; children: ReactNode }) {
  const { title, hint, startsOpen, hasError, children } = props;
  // A field that needs attention is never hidden.
  const [isOpen, setOpen] = useState(startsOpen);
  return (
    <details className={styles.group} open={isOpen || hasError} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={styles.groupWords}>
          <span className={styles.groupName}>{title}</span>
          <span className={styles.groupHint}>{hint}</span>
        </span>
        <Icon name="chevronDown" size={18} />
      </summary>
      <div className={styles.groupBody}>{children}</div>
    </details>
  );
}
