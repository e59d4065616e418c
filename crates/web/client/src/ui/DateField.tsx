/**
 * A date in three fields, in the order of the page's language, and if asked for the time in that language's clock. The browser's
 * own fields follow the browser's language instead (F13).
 */
import { type ChangeEvent, type ClipboardEvent, type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { t } from "../i18n";
import { dateProblem } from "../i18n/dateProblem";
import { type Asked, DIGITS, faultOf, isFull, isHalvedClock, isUnreadable, type Part, type Parts, partOrder, partsOf, valueOf } from "../rules/dateParts";
import { readDate } from "../rules/readDate";
import styles from "./Field.module.css";

interface Props {
  label: string;
  name?: string;
  /** "2026-11-22", with a time "2026-11-22T14:05", or empty. */
  value: string;
  /** Given what is no date as well, marked so that no check takes it for one. */
  onChange: (value: string) => void;
  optional?: boolean;
  isRequired?: boolean;
  help?: ReactNode;
  error?: string | null | undefined;
  /** The first year that is taken. */
  earliest?: number;
}

export const DateField = (props: Props) => <PartsField {...props} hasTime={false} />;
export const DateTimeField = (props: Props) => <PartsField {...props} hasTime />;

/** Between the parts of a date or a time, and never within one. */
const SEPARATOR = /^[./\-\s:,]$/;

function PartsField({ label, name, value, onChange, optional, isRequired, help, error, earliest, hasTime }: Props & { hasTime: boolean }) {
  const id = useId();
  const group = useRef<HTMLDivElement>(null);
  const isHalved = hasTime && isHalvedClock(t.locale);
  const asked: Asked = { hasTime, isHalved, ...(earliest === undefined ? {} : { earliest }) };
  const dateOrder = partOrder(t.locale);
  const timeOrder: Part[] = !hasTime ? [] : isHalved ? ["hour", "minute", "half"] : ["hour", "minute"];
  const order: readonly Part[] = [...dateOrder, ...timeOrder];

  const [typed, setTyped] = useState<Parts>(() => partsOf(value, isHalved));
  const [isLeft, setLeft] = useState(false);
  /** Where typing led on by itself, until a key is pressed there: a Tab or a separator was meant for the same step. */
  const arrived = useRef<Part | null>(null);
  /** Set from the press that brings the focus to its end: what is there is then chosen as a whole, as by Tab. */
  const isFirstPress = useRef(false);
  // Something else than typing may have changed the value, such as taking over a colleague's.
  const parts = valueOf(typed, asked) === value ? typed : partsOf(value, isHalved);

  const fault = faultOf(value, asked);
  const own = isLeft ? dateProblem(value, asked) : undefined;
  const message = own ?? error;
  const note = message ?? help;
  const isWrong = (part: Part): boolean => Boolean(message) && (fault?.parts.includes(part) ?? true);

  const set = (next: Parts) => {
    const nextValue = valueOf(next, asked);
    setTyped(next);
    // What is wrong stays said until it is right.
    if (!isUnreadable(nextValue)) setLeft(false);
    onChange(nextValue);
  };
  const goTo = (part: Part | undefined, caret: "all" | "start" | "end"): boolean => {
    const field = part && group.current?.querySelector<HTMLInputElement | HTMLSelectElement>(`[data-field="${part}"]`);
    if (!field) return false;
    field.focus();
    if (field instanceof HTMLInputElement) {
      const end = field.value.length;
      field.setSelectionRange(caret === "end" ? end : 0, caret === "start" ? 0 : end);
    }
    return true;
  };
  const after = (part: Part): Part | undefined => order[order.indexOf(part) + 1];
  const before = (part: Part): Part | undefined => order[order.indexOf(part) - 1];

  const takeWhole = (text: string): boolean => {
    const read = readDate(text, dateOrder, t.locale, isHalved);
    if (!read) return false;
    set(hasTime && !read.hour ? { ...read, hour: parts.hour, minute: parts.minute, half: parts.half } : read);
    goTo(order.at(-1), "end");
    return true;
  };
  const type = (part: Part, { target: input, nativeEvent }: ChangeEvent<HTMLInputElement>) => {
    const text = input.value.normalize("NFKC");
    // A program that fills in writes the whole date into one part.
    if (text.length > DIGITS[part] && takeWhole(text)) return;
    const digits = text.replace(/\D/g, "").slice(0, DIGITS[part]);
    const isAtEnd = input.selectionStart === input.value.length;
    set({ ...parts, [part]: digits });
    const isTyped = (nativeEvent as InputEvent).inputType?.startsWith("insert") ?? false;
    if (isTyped && isAtEnd && isFull(part, digits, isHalved) && goTo(after(part), "all")) arrived.current = after(part) ?? null;
  };
  const paste = (event: ClipboardEvent) => {
    if (takeWhole(event.clipboardData.getData("text"))) event.preventDefault();
  };
  const press = (part: Part, event: KeyboardEvent<HTMLInputElement>) => {
    const hasJustArrived = arrived.current === part;
    arrived.current = null;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.nativeEvent.isComposing) return;
    const { selectionStart, selectionEnd, value: text } = event.currentTarget;
    const isCaret = selectionStart === selectionEnd;
    const { key } = event;
    let isDone = false;
    if (key === "Tab") isDone = hasJustArrived;
    else if (SEPARATOR.test(key)) {
      isDone = true;
      if (!hasJustArrived && text) goTo(after(part), "all");
    } else if (key === "Backspace" && !text) isDone = goTo(before(part), "end");
    else if (key === "ArrowLeft" && isCaret && selectionStart === 0) isDone = goTo(before(part), "end");
    else if (key === "ArrowRight" && isCaret && selectionStart === text.length) isDone = goTo(after(part), "start");
    if (!isDone) return;
    event.preventDefault();
    // Dialogs move the focus themselves.
    event.stopPropagation();
  };

  const field = (part: Part) => {
    const shared = {
      "data-field": part,
      name: name && `${name}.${part}`,
      value: parts[part],
      "aria-required": isRequired || undefined,
      "aria-invalid": isWrong(part) || undefined,
      "aria-describedby": message ? `${id}-note` : undefined,
      className: styles.input,
    };
    return (
      <label key={part} className={styles.datePart} data-part={part}>
        <span className={styles.help}>{t.common.date.parts[part]}</span>
        {part === "half" ? (
          <select {...shared} onChange={(event) => set({ ...parts, half: event.target.value })}>
            <option value="">–</option>
            <option value="am">{halfName(9)}</option>
            <option value="pm">{halfName(21)}</option>
          </select>
        ) : (
          // Never filled in by the browser: it knows the dates of the person at the device, and would keep the patients' (C40).
          <input
            {...shared}
            type="text"
            inputMode="numeric"
            autoComplete="off"
            onChange={(event) => type(part, event)}
            onPaste={paste}
            onKeyDown={(event) => press(part, event)}
            onPointerDown={(event) => {
              isFirstPress.current = document.activeElement !== event.currentTarget;
            }}
            onClick={(event) => {
              if (isFirstPress.current) event.currentTarget.select();
              isFirstPress.current = false;
            }}
          />
        )}
      </label>
    );
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- listens for the focus leaving the group as a whole
    <div
      ref={group}
      role="group"
      aria-labelledby={`${id}-label`}
      aria-describedby={note ? `${id}-note` : undefined}
      className={styles.field}
      onBlur={(event) => {
        arrived.current = null;
        if (!event.currentTarget.contains(event.relatedTarget)) setLeft(isUnreadable(value));
      }}
    >
      <span id={`${id}-label`} className={styles.label}>
        {label}
        {optional && <span className={styles.optional}> ({t.common.optional})</span>}
      </span>
      <span className={styles.dateRow}>
        <span className={styles.dateRun}>{dateOrder.map(field)}</span>
        {hasTime && <span className={styles.dateRun}>{timeOrder.map(field)}</span>}
      </span>
      {note && (
        <span id={`${id}-note`} className={message ? styles.error : styles.help}>
          {note}
        </span>
      )}
    </div>
  );
}

/** "am" or "pm" as the language writes it. */
function halfName(hour: number): string {
  const parts = new Intl.DateTimeFormat(t.locale, { hour: "numeric", hour12: true, timeZone: "UTC" }).formatToParts(Date.UTC(2000, 0, 1, hour));
  return parts.find(({ type }) => type === "dayPeriod")?.value ?? "";
}
