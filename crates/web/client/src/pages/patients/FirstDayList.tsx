import { useState } from "react";
import { Link } from "wouter";
import { FIRST_DAY_STEPS, hideFirstDay, tickFirstDay, useFirstDay } from "../../app/firstDay";
import { addDevice, firstDay as f } from "../../i18n/firstDay";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Section } from "../../ui/parts";
import styles from "./FirstDay.module.css";

export function FirstDayList({ isFolded }: { isFolded: boolean }) {
  const { done } = useFirstDay();
  const [asked, setAsked] = useState<boolean | null>(null);
  const isOpen = asked ?? !isFolded;
  return (
    <div className={styles.list}>
      <Section
        title={f.title}
        actions={
          <>
            {isFolded && (
              <Button size="sm" aria-expanded={isOpen} onPress={() => setAsked(!isOpen)}>
                {isOpen ? f.fold : f.unfold}
              </Button>
            )}
            <Button size="sm" onPress={hideFirstDay}>
              {f.hide}
            </Button>
          </>
        }
      >
        {isOpen && <p className={styles.lead}>{f.lead}</p>}
        <p className={styles.count} role="status">
          {f.done(done.length, FIRST_DAY_STEPS.length)}
        </p>
        {isOpen && (
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
        )}
      </Section>
    </div>
  );
}
