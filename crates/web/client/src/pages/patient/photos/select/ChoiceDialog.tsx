/** One of a few values for all photos that are chosen: a press saves it. */
import { Button } from "../../../../ui/Button";
import { Dialog } from "../../../../ui/Dialog";
import styles from "./SelectBar.module.css";

interface Props<V> {
  title: string;
  values: readonly V[];
  say: (value: V) => string;
  onClose: () => void;
  onChoose: (value: V) => void;
}

export function ChoiceDialog<V>({ title, values, say, onClose, onChoose }: Props<V>) {
  return (
    <Dialog title={title} isOpen size="sm" onClose={onClose}>
      <div className={styles.choices}>
        {values.map((value) => (
          <Button key={String(value)} wide onPress={() => onChoose(value)}>
            {say(value)}
          </Button>
        ))}
      </div>
    </Dialog>
  );
}
