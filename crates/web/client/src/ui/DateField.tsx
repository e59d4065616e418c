/**
 * A date in three fields, in the order of the page's language, and if asked for the time in that language's clock. The browser's
 * own fields follow the browser's language instead (F13).
 */
import { type ChangeEvent, type ClipboardEvent, type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { t } from "../i18n";
import { dateExample, dateProblem } from "../i18n/dateProblem";
import { wallFromInstant } from "../i18n/format";
import { type Asked, DIGITS, faultOf, isFull, isHalvedClock, type Part, type Parts, partOrder, partsOf, valueOf } from "../rules/dateParts";
import { eightDigits, leavesOrder, LONGEST, type Run, runWith, SEPARATOR } from "../rules/dateRun";
import { readDate, readTime } from "../rules/readDate";
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
  /** What is wrong with a date that is one, such as a birth in the future: said when the field is left. */
  check?: (value: string) => string | undefined;
  /** The zone in whose time an instant is taken over, such as "2026-11-22T14:05:00Z". */
  zone?: string | undefined;
}

export const DateField = (props: Props) => <PartsField {...props} hasTime={false} />;
export const DateTimeField = (props: Props) => <PartsField {...props} hasTime />;

/** Pressed for another key's sake. */
const MODIFIER = /^(Shift|CapsLock|Control|Alt|AltGraph|Meta)$/;
/** After these, what was typed is no longer one text. */
const EDITING = /^(Backspace|Delete|Home|End|Enter|Escape|Arrow\w+)$/;

function PartsField({ label, name, value, onChange, optional, isRequired, help, error, earliest, check, zone, hasTime }: Props & { hasTime: boolean }) {
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
  /** What was typed without a break, from whatever part on. */
  const run = useRef<Run | null>(null);
  /** A text that does not follow the parts, as it stands in the part where it is typed until that is left. */
  const [raw, setRaw] = useState<{ part: Part; text: string; value: string } | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  /** Set from the press that brings the focus to its end: what is there is then chosen as a whole, as by Tab. */
  const isFirstPress = useRef(false);
  // Something else than typing may have changed the value, such as taking over a colleague's.
  const parts = valueOf(typed, asked) === value ? typed : partsOf(value, isHalved);

  const fault = faultOf(value, asked);
  const problemOf = (it: string) => dateProblem(it, asked) ?? (it ? check?.(it) : undefined);
  const own = isLeft ? problemOf(value) : undefined;
  const message = refused === null ? (own ?? error) : t.common.date.refused(dateExample(asked), refused);
  const note = message ?? help;
  const isWrong = (part: Part): boolean => Boolean(message) && (fault?.parts.includes(part) ?? true);

  const give = (nextValue: string) => {
    setRefused(null);
    // What is wrong stays said until it is right.
    if (!problemOf(nextValue)) setLeft(false);
    onChange(nextValue);
  };
  const set = (next: Parts) => {
    setRaw(null);
    setTyped(next);
    give(valueOf(next, asked));
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

  /** What a text says as a whole; what it leaves open is as before. */
  const read = (text: string, part: Part, base: Parts): Parts | null => {
    const found = readDate(text, { order: dateOrder, locale: t.locale, isHalved, ...(hasTime ? { wallOf: (instant: number) => wallFromInstant(instant, zone) } : {}) });
    if (found) return hasTime && found.hour ? found : { ...found, hour: base.hour, minute: base.minute, half: base.half };
    const time = hasTime ? readTime(text, isHalved, part === "hour" || part === "minute") : null;
    return time && { ...base, ...time };
  };
  const takeWhole = (text: string, part: Part): boolean => {
    const found = read(text, part, parts);
    if (!found) return false;
    run.current = null;
    set(found);
    goTo(order.findLast((it) => it !== "half"), "end");
    return true;
  };
  /** From here on the text stands in one part, and is read as a whole. */
  const holdRaw = (part: Part, typedText: string, base: Parts) => {
    // The sign is what keeps the parts apart in an unreadable value.
    const text = typedText.replaceAll("|", "/").slice(0, LONGEST);
    const next = read(text, part, base) ?? { ...base, [part]: text };
    const nextValue = valueOf(next, asked);
    setTyped(next);
    setRaw({ part, text, value: nextValue });
    give(nextValue);
  };
  const isRaw = (part: Part): boolean => (raw?.part === part && raw.value === value) || /\D/.test(parts[part]);

  const type = (part: Part, { target: input, nativeEvent }: ChangeEvent<HTMLInputElement>) => {
    const text = input.value.normalize("NFKC");
    const isTyped = (nativeEvent as InputEvent).inputType?.startsWith("insert") ?? false;
    // A program that fills in writes the whole date into one part.
    if (!isTyped && !isRaw(part) && text.length > DIGITS[part] && takeWhole(text, part)) return;
    // Keyboards on a screen may name no key: the separator is then found here.
    const isSeparated = !isRaw(part) && /^\d*[./\-\s:,]$/.test(text);
    if (/\D/.test(text) && !isSeparated) {
      holdRaw(part, text, run.current?.base ?? parts);
      return;
    }
    if (isRaw(part)) run.current = null;
    const digits = text.replace(/\D/g, "").slice(0, LONGEST);
    const isAtEnd = input.selectionStart === input.value.length;
    set({ ...parts, [part]: digits });
    if (isTyped && isAtEnd && digits && (isSeparated || isFull(part, digits, isHalved)) && goTo(after(part), "all")) arrived.current = after(part) ?? null;
  };
  const paste = (part: Part, event: ClipboardEvent) => {
    run.current = null;
    const text = event.clipboardData.getData("text").trim();
    const isOnlyThisPart = new RegExp(`^\\d{1,${DIGITS[part]}}$`).test(text.normalize("NFKC"));
    if (!text || isOnlyThisPart || isRaw(part)) return;
    event.preventDefault();
    if (!takeWhole(text, part)) setRefused(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
  };
  /** Whether a key was taken as one of a text that does not follow the parts. */
  const takeOutOfOrder = (part: Part, field: HTMLInputElement, key: string, hasJustArrived: boolean): boolean => {
    const next = runWith(run.current, key, part, parts, field);
    run.current = next;
    if (!next) return false;
    const eight = eightDigits(next, parts, { order: dateOrder, hasTime, asked });
    if (eight) {
      set({ ...eight, hour: next.base.hour, minute: next.base.minute, half: next.base.half });
      if (goTo(order[3] ?? dateOrder.at(-1), hasTime ? "all" : "end")) arrived.current = order[3] ?? null;
      return true;
    }
    const isInYear = part === "year" && Boolean(field.value) && !hasJustArrived;
    if (!leavesOrder(next, dateOrder, isInYear)) return false;
    holdRaw(part, next.text, next.base);
    return true;
  };
  const press = (part: Part, event: KeyboardEvent<HTMLInputElement>) => {
    const { key } = event;
    if (MODIFIER.test(key)) return;
    const hasJustArrived = arrived.current === part;
    arrived.current = null;
    if (event.altKey || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) {
      run.current = null;
      return;
    }
    if (isRaw(part)) return;
    const { selectionStart, selectionEnd, value: text } = event.currentTarget;
    const isCaret = selectionStart === selectionEnd;
    let isDone = false;
    if (key.length === 1 && takeOutOfOrder(part, event.currentTarget, key, hasJustArrived)) isDone = true;
    else if (key === "Tab") {
      isDone = hasJustArrived && !event.shiftKey;
      if (event.shiftKey) run.current = null;
      else run.current &&= { ...run.current, text: run.current.text + (part === "hour" ? ":" : " ") };
    } else if (SEPARATOR.test(key)) {
      isDone = true;
      if (!hasJustArrived && text) goTo(after(part), "all");
    } else if (EDITING.test(key)) {
      run.current = null;
      if (event.shiftKey) return;
      if (key === "Backspace" && !text) isDone = goTo(before(part), "end");
      else if (key === "ArrowLeft" && isCaret && selectionStart === 0) isDone = goTo(before(part), "end");
      else if (key === "ArrowRight" && isCaret && selectionStart === text.length) isDone = goTo(after(part), "start");
    }
    if (!isDone) return;
    event.preventDefault();
    // Dialogs move the focus themselves.
    event.stopPropagation();
  };
  /** "2:30 pm" typed on: the space was for the step that is made already, and the letter is the half. */
  const pressHalf = (event: KeyboardEvent<HTMLSelectElement>) => {
    const isMeantForStep = event.key === " " && arrived.current === "half";
    arrived.current = null;
    const half = { a: "am", p: "pm" }[event.key.toLowerCase()];
    if (half && !event.ctrlKey && !event.metaKey && !event.altKey) set({ ...parts, half });
    if (half || isMeantForStep) event.preventDefault();
  };

  const field = (part: Part) => {
    const shared = {
      "data-field": part,
      name: name && `${name}.${part}`,
      value: raw?.part === part && raw.value === value ? raw.text : parts[part],
      "aria-required": isRequired || undefined,
      "aria-invalid": isWrong(part) || undefined,
      "aria-describedby": message ? `${id}-note` : undefined,
      className: styles.input,
    };
    return (
      <label key={part} className={styles.datePart} data-part={part}>
        <span className={styles.help}>{t.common.date.parts[part]}</span>
        {part === "half" ? (
          <select {...shared} onKeyDown={pressHalf} onChange={(event) => set({ ...parts, half: event.target.value })}>
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
            onPaste={(event) => paste(part, event)}
            onKeyDown={(event) => press(part, event)}
            onPointerDown={(event) => {
              run.current = null;
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
        // What was read of a text as a whole is shown in the parts once it can't go on.
        if (raw && event.target instanceof HTMLInputElement && event.target.dataset["field"] === raw.part) setRaw(null);
        if (event.currentTarget.contains(event.relatedTarget)) return;
        arrived.current = null;
        run.current = null;
        setRefused(null);
        setLeft(Boolean(problemOf(value)));
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
        <span id={`${id}-note`} role={refused === null ? undefined : "alert"} className={message ? styles.error : styles.help}>
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
