/** The parts of a record. The bar stays at the top, and says whose record it is once the header has left the screen (F7). */
import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import type { Patient } from "../../api/types";
import { t } from "../../i18n";
import { Icon, type IconName } from "../../ui/icons";
import { Button } from "../../ui/Button";
import { displayName } from "../patients/names";
import { inOneLine } from "./inOneLine";
import styles from "./PatientTabs.module.css";

const r = t.record;

interface Props {
  patient: Patient;
  tabs: readonly { readonly id: keyof typeof t.record.tabs; readonly icon: IconName }[];
  tab: string;
}

const isView = ({ id }: Props["tabs"][number]): boolean => id === "visits" || id === "photos";

export function PatientTabs({ patient, tabs, tab }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  const isStuck = useStuck(bar);
  useHeightAs(bar, "--record-bar");
  const who = useRef<HTMLDivElement>(null);
  useHeightAs(who, "--record-who");
  const link = (it: Props["tabs"][number]) => (
    <Link key={it.id} href={it.id === "visits" ? `/patients/${patient.id}` : `/patients/${patient.id}/${it.id}`} aria-current={it.id === tab ? "page" : undefined} className={styles.tab}>
      <Icon name={it.icon} size={18} />
      <span>{r.tabs[it.id]}</span>
      <Count tab={it.id} patient={patient} />
    </Link>
  );
  return (
    <div ref={bar} className={styles.bar} data-stuck={isStuck || undefined}>
      {/* The header above says the same, and says it in full; assistive technology needs it once. */}
      <div ref={who} className={styles.who}>
        <span className={styles.name} aria-hidden="true">
          {displayName(patient)}
        </span>
        {patient.allergies && <Allergies text={inOneLine(patient.allergies)} />}
      </div>
      <nav className={styles.tabs} aria-label={r.tabsLabel}>
        {/* E6: two views of the same place, of which one is shown first. */}
        <span className={styles.switch}>{tabs.filter(isView).map(link)}</span>
        {tabs.filter((it) => !isView(it)).map(link)}
      </nav>
    </div>
  );
}

/** Two lines at most, while more is not asked for; where that is not all of it, a button says so and shows the rest. */
/** `isRead`: nothing else on the page says the same to assistive technology. */
export function Allergies({ text, isRead = false }: { text: string; isRead?: boolean }) {
  const line = useRef<HTMLSpanElement>(null);
  const [isCut, setCut] = useState(false);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const it = line.current;
    if (!it || isOpen || typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(() => setCut(it.scrollHeight > it.clientHeight + 1));
    observer.observe(it);
    return () => observer.disconnect();
  }, [isOpen, text]);
  return (
    <div className={styles.allergies} data-open={isOpen || undefined}>
      <Icon name="warn" size={14} />
      <span ref={line} className={styles.text} aria-hidden={!isRead} data-testid="stuck-allergies">
        {r.allergiesFlag}: {text}
      </span>
      {isCut && (
        <span className={styles.more}>
          <Button look="quiet" size="sm" aria-expanded={isOpen} aria-label={isOpen ? r.allergiesLess : r.allergiesAll} onPress={() => setOpen(!isOpen)}>
            {isOpen ? r.showLess : r.showAll}
          </Button>
        </span>
      )}
    </div>
  );
}

/** Tells the style sheet how high an element is: the bar, as what sticks below it starts there, and its upper part. */
export function useHeightAs(element: React.RefObject<HTMLElement | null>, property: string): void {
  useEffect(() => {
    const it = element.current;
    if (!it || typeof ResizeObserver === "undefined") return undefined;
    const root = document.documentElement;
    const observer = new ResizeObserver(() => root.style.setProperty(property, `${it.offsetHeight}px`));
    // With its padding, which is what the line that says whose record it is makes higher.
    observer.observe(it, { box: "border-box" });
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
