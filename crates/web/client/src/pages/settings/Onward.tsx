import { Link, useLocation } from "wouter";
import { showFirstDay } from "../../app/firstDay";
import { addDevice, firstDay } from "../../i18n/firstDay";
import { tags as texts } from "../../i18n/tags";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/parts";
import styles from "./Onward.module.css";

/** W2, F13: the way from the settings to what a new device needs. */
export function AddDeviceSection() {
  return (
    <div className={styles.section}>
      <Section title={addDevice.title}>
        <p className={styles.lead}>{addDevice.lead}</p>
        <Link href="/devices/add" className={styles.link}>
          {addDevice.open}
        </Link>
      </Section>
    </div>
  );
}

/** T1: the way to the account's own tags, for who is a clinician too. */
export function TagsSection() {
  return (
    <div className={styles.section}>
      <Section title={texts.title}>
        <p className={styles.lead}>{texts.lead}</p>
        <Link href="/settings/tags" className={styles.link}>
          {texts.manage}
        </Link>
      </Section>
    </div>
  );
}

/** F13: the list of the first day, for who put it away too early or works on another device. */
export function FirstDaySection() {
  const [, go] = useLocation();
  return (
    <div className={styles.section}>
      <Section title={firstDay.title}>
        <p className={styles.last}>{firstDay.again}</p>
        <Button
          onPress={() => {
            showFirstDay();
            go("/patients");
          }}
        >
          {firstDay.show}
        </Button>
      </Section>
    </div>
  );
}
