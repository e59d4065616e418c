/**
 * Short messages in a corner, announced politely. Nothing that a person must act on is shown only here.
 * Our own, as react-aria still exports its toasts as UNSTABLE_ (1.22), and they would add 4.6 kB of script.
 */
import { useEffect, useSyncExternalStore } from "react";
import { t } from "../i18n";
import { IconButton } from "./Button";
import { Icon } from "./icons";
import styles from "./toasts.module.css";

interface Toast {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly text: string;
}

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function toast(text: string, tone: Toast["tone"] = "good"): void {
  set([...toasts.slice(-2), { id: nextId, tone, text }]);
  nextId += 1;
}

export function clearToasts(): void {
  set([]);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

function Item({ item }: { item: Toast }) {
  const { id } = item;
  const drop = () => set(toasts.filter((it) => it.id !== id));
  useEffect(() => {
    const timer = setTimeout(() => set(toasts.filter((it) => it.id !== id)), 7000);
    return () => clearTimeout(timer);
  }, [id]);
  return (
    <li className={styles.toast} data-tone={item.tone}>
      <Icon name={item.tone === "good" ? "check" : "warn"} />
      <span>{item.text}</span>
      <IconButton icon="close" iconSize={16} label={t.common.dismiss} tip={false} onPress={drop} />
    </li>
  );
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <section aria-label={t.common.notifications} aria-live="polite" aria-relevant="additions text" className={styles.region}>
      <ol>
        {shown.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ol>
    </section>
  );
}
