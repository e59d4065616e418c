/** Whether something is selected, at its corner: for the eye; the row says it as a checkbox. */
import { Icon } from "../ui/icons";
import styles from "./PickMark.module.css";

export function PickMark({ isPicked }: { isPicked: boolean }) {
  return (
    <span className={styles.mark} data-picked={isPicked || undefined} aria-hidden="true">
      {isPicked && <Icon name="check" size={18} />}
    </span>
  );
}
