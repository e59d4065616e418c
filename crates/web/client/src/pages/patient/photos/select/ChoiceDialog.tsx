/** One of a few values for all photos that are chosen, beginning with the one that all of them have: a press saves it. */
import { photoDetails as s } from "../../../../i18n/photoDetails";
import { Button } from "../../../../ui/Button";
import { Dialog } from "../../../../ui/Dialog";
import styles from "./ChoiceDialog.module.css";

interface Props<V> {
  title: string;
  /** Of how many photos. */
  amount: number;
  /** Undefined where they differ. */
  before: V | undefined;
  values: readonly V[];
  say: (value: V) => string;
  onClose: () => void;
  onChoose: (value: V) => void;
}

export function ChoiceDialog<V>({ title, amount, before, values, say, onClose, onChoose }: Props<V>) {
  return (
    <Dialog title={title} isOpen size="sm" onClose={onClose}>
      <div className={styles.choices}>
        {amount > 1 && <p>{before === undefined ? s.valuesDiffer : s.nowForAll(say(before))}</p>}
        {values.map((value) => {
          const isNow = value === before;
          return (
            <Button key={String(value)} wide onPress={() => onChoose(value)} {...(isNow && { icon: "check", autoFocus: true, "aria-current": true })}>
              {say(value)}
            </Button>
          );
        })}
      </div>
    </Dialog>
  );
}
