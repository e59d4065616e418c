/** What every other page of a device shows that is in a patient's hands, and this one after a reload (N6). */
import { t } from "../i18n";
import { Gate } from "../pages/Gate";
import { TakeBack } from "./TakeBack";
import styles from "./TakeBack.module.css";
import { useTitle } from "./useTitle";

export function HandedOver() {
  useTitle(t.handOver.title);
  return (
    <Gate>
      <h1 className={styles.title}>{t.handOver.giveBack}</h1>
      <TakeBack />
    </Gate>
  );
}
