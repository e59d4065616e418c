/** A section of a visit that can be closed; whether it is open is kept for this account (E2). */
import { type ReactNode, useId } from "react";
import { Icon } from "../../../ui/icons";
import styles from "./Visit.module.css";

interface Props {
  title: string;
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
  children: ReactNode;
}

export function Fold({ title, isOpen, onToggle, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={`${id}-title`} className={styles.section}>
      <h2 className={styles.sectionTitle}>
        <button id={`${id}-title`} type="button" className={styles.toggle} aria-expanded={isOpen} aria-controls={id} onClick={() => onToggle(!isOpen)}>
          <Icon name="chevronDown" size={20} />
          <span>{title}</span>
        </button>
      </h2>
      <div id={id} hidden={!isOpen} className={styles.sectionBody}>
        {isOpen && children}
      </div>
    </section>
  );
}
