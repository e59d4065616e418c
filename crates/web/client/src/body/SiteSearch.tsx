/** Body sites by typing: the path for the keyboard, and for what is sooner typed than found on the map. */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { named } from "../i18n";
import { bodySites as texts } from "../i18n/bodySites";
import field from "../ui/Field.module.css";
import styles from "./BodyMap.module.css";
import { find, type Placed, placed, sideFor } from "./place";

const b = texts;

/** A finger would bring up a keyboard over half of the map. */
const hasFinePointer = (): boolean => matchMedia("(pointer: fine)").matches;

interface Props {
  value: Placed | null;
  onChange: (value: Placed) => void;
}

export function SiteSearch({ value, onChange }: Props) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  /** The row that the arrows or a press chose; null while it is nobody's choice. */
  const [active, setActive] = useState<number | null>(null);
  const { sites, laterality, isSole } = find(typed);
  // Enter takes what is marked, and nothing that was not asked for.
  const at = active ?? (isSole ? 0 : null);

  useEffect(() => {
    if (hasFinePointer()) input.current?.focus({ preventScroll: true });
  }, []);

  useEffect(() => {
    const box = list.current;
    const option = box?.querySelector(`[data-active]`)?.getBoundingClientRect();
    if (!box || !option) return;
    // Only the list is scrolled, never the dialog around it: that opens with the map.
    const { top, bottom } = box.getBoundingClientRect();
    if (option.top < top) box.scrollTop -= top - option.top;
    else if (option.bottom > bottom) box.scrollTop += option.bottom - bottom;
  }, [at, typed]);

  const take = (index: number) => {
    const site = sites[index];
    if (!site) return;
    setActive(index);
    onChange(placed(site.code, laterality ?? sideFor(site.code, value)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined && sites.length > 0) setActive(at === null ? (step > 0 ? 0 : sites.length - 1) : (at + step + sites.length) % sites.length);
    else if (event.key !== "Enter") return;
    else if (at !== null) take(at);
    event.preventDefault();
  };
  return (
    <div className={styles.right}>
      <div className={field.field}>
        <label className={field.label} htmlFor={id}>
          {b.search}
        </label>
        <input
          id={id}
          ref={input}
          role="combobox"
          aria-expanded={sites.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={at === null ? undefined : `${id}-${at}`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className={field.input}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(null);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={b.search} className={sites.length > 0 ? styles.options : undefined}>
        {sites.map(({ code, parent }, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the field has the focus and the keys
          <div key={code} id={`${id}-${index}`} role="option" aria-selected={code === value?.code} data-active={index === at || undefined} className={styles.option} onPointerDown={(event) => event.preventDefault()} onClick={() => take(index)}>
            <span>{named(b.names, code)}</span>
            {parent !== null && <span>{named(b.names, parent)}</span>}
          </div>
        ))}
      </div>
      {sites.length === 0 && <p className={styles.note}>{b.noMatch}</p>}
      <p role="status" className="visually-hidden">
        {typed === "" ? "" : b.found(sites.length)}
      </p>
    </div>
  );
}
