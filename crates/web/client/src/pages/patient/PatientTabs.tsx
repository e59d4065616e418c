/** The parts of a record. The bar stays at the top, and says whose record it is once the header has left the screen (F7). */
import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import type { Patient } from "../../api/types";
import { t } from "../../i18n";
import { Icon, type IconName } from "../../ui/icons";
import { displayName } from "../patients/names";
import styles from "./PatientTabs.module.css";

const r = t.record;

interface Props {
  patient: Patient;
  tabs: readonly { readonly id: keyof typeof t.record.tabs; readonly icon: IconName }[];
  tab: string;
}

export function PatientTabs({ patient, tabs, tab }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  const isStuck = useStuck(bar);
  useHeightAs(bar, "--record-bar");
  return (
    <div ref={bar} className={styles.bar} data-stuck={isStuck || undefined}>
      {/* The header above says the same; assistive technology needs it once. */}
      <p className={styles.who} aria-hidden="true">
        <span className={styles.name}>{displayName(patient)}</span>
        {patient.allergies && (
          <span className={styles.allergies}>
            <Icon name="warn" size={14} />
            <span>
              {r.allergiesFlag}: {patient.allergies}
            </span>
          </span>
        )}
      </p>
      <nav className={styles.tabs} aria-label={r.tabsLabel}>
        {tabs.map((it) => (
          <Link
            key={it.id}
            href={it.id === "photos" ? `/patients/${patient.id}` : `/patients/${patient.id}/${it.id}`}
            aria-current={it.id === tab ? "page" : undefined}
            className={styles.tab}
          >
            <Icon name={it.icon} size={18} />
            <span>{r.tabs[it.id]}</span>
            <Count tab={it.id} patient={patient} />
          </Link>
        ))}
      </nav>
    </div>
  );
}

/** Tells the style sheet how high the bar is: what sticks below it starts there. */
function useHeightAs(element: React.RefObject<HTMLElement | null>, property: string): void {
  useEffect(() => {
    const it = element.current;
    if (!it || typeof ResizeObserver === "undefined") return undefined;
    const root = document.documentElement;
    const observer = new ResizeObserver(() => root.style.setProperty(property, `${it.offsetHeight}px`));
    observer.observe(it);
    return () => {
      observer.disconnect();
      root.style.removeProperty(property);
    };
  }, [element, property]);
}

/** Whether the bar is held at the top of the screen, so that what was above it has gone. */
function useStuck(bar: React.RefObject<HTMLElement | null>): boolean {
  const [isStuck, setStuck] = useState(false);
  useEffect(() => {
    const look = () => setStuck((bar.current?.getBoundingClientRect().top ?? 1) <= 0 && scrollY > 0);
    look();
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [bar]);
  return isStuck;
}

function Count({ tab, patient }: { tab: string; patient: Patient }) {
  const amount = tab === "photos" ? patient.imageCount : tab === "visits" ? patient.entryCount : 0;
  return amount > 0 ? <span className={styles.count}>{amount}</span> : null;
}
