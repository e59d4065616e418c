import { Link } from "wouter";
import { FIRST_DAY_STEPS, hideFirstDay, tickFirstDay, useFirstDay } from "../../app/firstDay";
import { useMe } from "../../app/session";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Field";
import { Section } from "../../ui/parts";
import styles from "./FirstDay.module.css";

const f = t.firstDay;

/** F13: what an administrator does once after the set-up, until they put the list away. */
export function FirstDay() {
  const isAdministrator = useMe().roles.includes("administrator");
  const { isShown, done } = useFirstDay();
  if (!isAdministrator || !isShown) return null;
  return (
    <div className={styles.list}>
      <Section
        title={f.title}
        actions={
          <Button size="sm" onPress={hideFirstDay}>
            {f.hide}
          </Button>
        }
      >
        <p className={styles.lead}>{f.lead}</p>
        <p className={styles.count} role="status">
          {f.done(done.length, FIRST_DAY_STEPS.length)}
        </p>
        <ul>
          {FIRST_DAY_STEPS.map((step) => {
            const texts = f.steps[step];
            return (
              <li key={step} className={styles.step}>
                <Checkbox isSelected={done.includes(step)} onChange={(on) => tickFirstDay(step, on)}>
                  <span className={styles.name}>{texts.name}</span>
                </Checkbox>
                <details className={styles.more}>
                  <summary>
                    {f.how}
                    <span className="visually-hidden">: {texts.name}</span>
                  </summary>
                  <p>{texts.text}</p>
                  {"command" in texts && <code className={styles.command}>{texts.command}</code>}
                  {step === "device" && (
                    <Link href="/devices/add" className={styles.link}>
                      {t.addDevice.open}
                    </Link>
                  )}
                </details>
              </li>
            );
          })}
        </ul>
      </Section>
    </div>
  );
}
