import { Link } from "wouter";
import { FIRST_DAY_STEPS, hideFirstDay, tickFirstDay, useFirstDay } from "../../app/firstDay";
import { addDevice, firstDay as f } from "../../i18n/firstDay";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Section } from "../../ui/parts";
import styles from "./FirstDay.module.css";

export function FirstDayList() {
  const { done } = useFirstDay();
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
                      {addDevice.open}
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
