/** Beside a field: whether what is in it is saved. Below it: why not, and what can be done. */
import type { ReactNode } from "react";
import { photoDetails as texts } from "../../../../i18n/photoDetails";
import { Button } from "../../../../ui/Button";
import { Icon } from "../../../../ui/icons";
import styles from "./details.module.css";
import type { Entered } from "./useDetailSaves";

const d = texts;

interface Props {
  entered: Entered | undefined;
  /** A value of the field in words. */
  say: (value: unknown) => string;
  onRetry: () => void;
  onDrop: () => void;
  children: ReactNode;
}

export function Marked({ entered, say, onRetry, onDrop, children }: Props) {
  const state = entered?.state;
  return (
    <div className={styles.marked}>
      {children}
      <span role="status" className={styles.mark} data-state={state}>
        {state === "saving" && d.saving}
        {state === "saved" && (
          <>
            <Icon name="check" size={14} />
            {d.saved}
          </>
        )}
        {(state === "failed" || state === "clash") && (
          <>
            <Icon name="warn" size={14} />
            {d.notSaved}
          </>
        )}
      </span>
      {state === "failed" && (
        <div className={styles.trouble} role="alert">
          <p>{entered?.problem}</p>
          <Button size="sm" icon={entered?.isRefused ? "undo" : "refresh"} onPress={entered?.isRefused ? onDrop : onRetry}>
            {entered?.isRefused ? d.undo : d.retry}
          </Button>
        </div>
      )}
      {entered?.state === "clash" && (
        <div className={styles.trouble} role="alert">
          <p>{d.clash}</p>
          <Button size="sm" onPress={onRetry}>
            {d.keepMine(say(entered.value))}
          </Button>
          <Button size="sm" onPress={onDrop}>
            {d.keepTheirs(say(entered.theirs))}
          </Button>
        </div>
      )}
    </div>
  );
}
