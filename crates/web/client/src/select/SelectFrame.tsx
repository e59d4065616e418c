/**
 * The bar of what is selected in a list: at the lower end of the window, in reach of a thumb. How many there are, messages, what
 * can be done with them in one row, and the end of it, which Escape is too.
 */
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { isTyping } from "../app/useSearchKeys";
import { selecting as s } from "../i18n/selecting";
import type { TaggedKind } from "../resources/tags";
import { Button, IconButton } from "../ui/Button";
import { toastPlace } from "../ui/toasts";
import { useMakeRoom } from "../upload/makeRoom";
import { type Item, MoreMenu } from "./MoreMenu";
import styles from "./SelectFrame.module.css";
import { useFold } from "./useFold";

/** An action that is a button in the bar while there is room. */
export interface Action extends Item {
  readonly icon?: "turnLeft" | "turnRight";
}

interface Props {
  kind: TaggedKind;
  amount: number;
  /** How many of them the list does not show now. */
  hidden?: number;
  actions: readonly Action[];
  /** Their ids in the order in which they move into the menu where there is no room. */
  folds: readonly string[];
  /** What is always in the menu. */
  more?: readonly Item[];
  onDone: () => void;
  /** The button that began it: it gets the focus when the bar goes with what had it. */
  start: RefObject<HTMLElement | null>;
  /** The dialogs of the actions. */
  children?: ReactNode;
}

/** What lies over the page and is closed by Escape itself. */
const OVER = "[role=dialog], [role=alertdialog], [role=menu]";
const NOTHING: readonly Item[] = [];

export function SelectFrame({ kind, amount, hidden = 0, actions, folds, more = NOTHING, onDone, start, children }: Props) {
  useMakeRoom();
  const words = s[kind];
  const said = hidden > 0 ? s.withHidden(words.chosen(amount), hidden) : words.chosen(amount);
  const short = hidden > 0 ? s.withHidden(s.chosenShort(amount), hidden) : s.chosenShort(amount);
  // One step more than there are actions: where even the menu has no room beside the rest, there are two rows.
  const { row, folded } = useFold(folds.length + 1, said + actions.map(({ name }) => name).join());
  const away = new Set(folds.slice(0, folded));
  const isFolded = away.size === actions.length;
  const isTight = folded > folds.length;
  const menu = [...actions.filter(({ id }) => away.has(id)), ...more];

  const bar = useRef<HTMLElement>(null);
  const leave = () => {
    const isHere = bar.current?.contains(document.activeElement);
    onDone();
    if (isHere) start.current?.focus();
  };
  const latest = useRef(leave);
  useEffect(() => {
    latest.current = leave;
  });
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !isTyping(document.activeElement) && !document.querySelector(OVER)) latest.current();
    };
    // Before what Escape closes is gone.
    document.addEventListener("keydown", key, true);
    return () => document.removeEventListener("keydown", key, true);
  }, []);

  return (
    <section ref={bar} className={styles.bar} aria-label={words.bar} data-folded={isFolded || undefined} data-tight={isTight || undefined}>
      <div ref={toastPlace} className={styles.messages} />
      <p role="status" className={styles.count}>
        <span className={styles.whole}>{said}</span>
        <span className={styles.short} aria-hidden="true">
          {short}
        </span>
      </p>
      <div ref={row} className={styles.actions} role="toolbar" aria-label={words.actions}>
        {actions
          .filter(({ id }) => !away.has(id))
          .map(({ id, name, icon, isDisabled = false, act }) =>
            icon ? (
              <IconButton key={id} icon={icon} label={name} isDisabled={isDisabled} onPress={act} />
            ) : (
              <Button key={id} size="sm" isDisabled={isDisabled} onPress={act}>
                {name}
              </Button>
            ),
          )}
        {menu.length > 0 && <MoreMenu label={isFolded ? s.actionsShort : s.more} title={words.actions} items={menu} isDisabled={menu.every((it) => it.isDisabled)} />}
      </div>
      <div className={styles.end}>
        <Button size="sm" look="primary" onPress={leave}>
          {s.done}
        </Button>
      </div>
      {children}
    </section>
  );
}
