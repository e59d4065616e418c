/** In a file of its own, as the first page has none. */
import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox, type CheckboxProps as AriaCheckboxProps } from "react-aria-components/Checkbox";
import styles from "./Field.module.css";
import { Icon } from "./icons";

export interface CheckboxProps extends Omit<AriaCheckboxProps, "className" | "children" | "style"> {
  children: ReactNode;
  help?: ReactNode;
}

export function Checkbox({ children, help, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox {...rest} className={styles.check ?? ""}>
      <span className={styles.box} aria-hidden="true">
        <Icon name="check" size={15} />
      </span>
      <span>
        {children}
        {help && <span className={styles.checkHelp}>{help}</span>}
      </span>
    </AriaCheckbox>
  );
}
