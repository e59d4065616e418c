/**
 * Short messages in a corner, announced politely. Nothing that a person must act on is shown only here.
 * Our own, as react-aria still exports its toasts as UNSTABLE_ (1.22), and they would add 4.6 kB of script.
 */
import { type FocusEvent, useEffect, useLayoutEffect, useRef, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { t } from "../i18n";
import { Button, IconButton } from "./Button";
import { Icon } from "./icons";
import styles from "./toasts.module.css";

/** What can be done about it while it is there, such as undoing it. */
export interface ToastAction {
  readonly label: string;
  readonly onPress: () => void;
}

interface Toast {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly text: string;
  readonly action?: ToastAction | undefined;
  readonly topic?: string | undefined;
}

const SHOWN_MS = 7000;
/** D18: every action can be undone for ten seconds. */
const WITH_ACTION_MS = 10_000;

let toasts: readonly Toast[] = [];
let nextId = 1;
let place: HTMLElement | null = null;
/** What had the focus before a message got it. */
let before: Element | null = null;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Messages about photos, as about other things that are changed together (`TaggedKind`): only the latest one stays. */
export const OF_PHOTOS = "photos";

/** A message takes the place of an earlier one of the same topic. */
export function toast(text: string, tone: Toast["tone"] = "good", action?: ToastAction, topic?: string): void {
  const others = toasts.filter((it) => topic === undefined || it.topic !== topic);
  set([...others.slice(-2), { id: nextId, tone, text, action, topic }]);
  nextId += 1;
}

/** A `ref`: while this element is there, messages are shown in it and cover nothing. */
export function toastPlace(element: HTMLElement | null): void {
  place = element;
  set([...toasts]);
}

export function clearToasts(): void {
  set([]);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const isReachable = (it: Element | null): it is HTMLElement => it instanceof HTMLElement && it.isConnected && it !== document.body && !it.matches(":disabled");

/** A message that goes gives the focus back: to what had it before, else to what is beside the messages, else to the page's heading. */
function giveBack(): void {
  const beside = place?.parentElement?.querySelector("[role=toolbar] button:not(:disabled)") ?? null;
  const to = [before, beside].find(isReachable);
  if (to) {
    to.focus({ preventScroll: true });
    return;
  }
  const heading = document.querySelector<HTMLElement>("#content h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

const noteBefore = ({ currentTarget, relatedTarget }: FocusEvent): void => {
  if (!currentTarget.contains(relatedTarget)) before = relatedTarget;
};

function Item({ item }: { item: Toast }) {
  const { id, action } = item;
  const lasts = action ? WITH_ACTION_MS : SHOWN_MS;
  const drop = () => set(toasts.filter((it) => it.id !== id));
  useEffect(() => {
    const timer = setTimeout(() => set(toasts.filter((it) => it.id !== id)), lasts);
    return () => clearTimeout(timer);
  }, [id, lasts]);
  const li = useRef<HTMLLIElement>(null);
  // It runs before the message is taken out of the document, whoever takes it out.
  useLayoutEffect(() => {
    const it = li.current;
    return () => {
      if (it?.contains(document.activeElement)) giveBack();
    };
  }, []);
  return (
    <li ref={li} className={styles.toast} data-tone={item.tone}>
      <Icon name={item.tone === "good" ? "check" : "warn"} />
      <span>{item.text}</span>
      {action && (
        <Button
          size="sm"
          look="quiet"
          onPress={() => {
            drop();
            action.onPress();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon="close" iconSize={16} label={t.common.dismiss} tip={false} onPress={drop} />
    </li>
  );
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  const within = useSyncExternalStore(subscribe, () => place);
  const region = (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only noted: where the focus came from
    <section aria-label={t.common.notifications} aria-live="polite" aria-relevant="additions text" className={styles.region} onFocus={noteBefore} data-within={within !== null || undefined}>
      <ol>
        {shown.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ol>
    </section>
  );
  return within ? createPortal(region, within) : region;
}
