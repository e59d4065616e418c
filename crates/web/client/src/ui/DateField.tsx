/** A date in three fields, in the order of the page's language. The browser's own field follows the browser's language instead (F13). */
import { type ReactNode, useId, useState } from "react";
import { t } from "../i18n";
import { DIGITS, type DatePart, type DateParts, dateOf, partOrder, partsOf, UNREADABLE } from "../rules/dateParts";
import styles from "./Field.module.css";

interface Props {
  label: string;
  name?: string;
  /** "2026-11-22", or empty. */
  value: string;
  /** Given what is no date as well, marked so that no check takes it for one. */
  onChange: (value: string) => void;
  optional?: boolean;
  help?: ReactNode;
  error?: string | null | undefined;
}

const valueOf = (parts: DateParts): string => dateOf(parts) ?? UNREADABLE + [parts.year, parts.month, parts.day].join("-");

export function DateField({ label, name, value, onChange, optional, help, error }: Props) {
  const id = useId();
  const [typed, setTyped] = useState<DateParts>(() => partsOf(value));
  const [isLeft, setLeft] = useState(false);
  // Something else than typing may have changed the value, such as taking over a colleague's.
  const parts = valueOf(typed) === value ? typed : partsOf(value);
  const message = error ?? (isLeft && value.startsWith(UNREADABLE) ? t.common.date.wrong : null);
  const note = message ?? help;
  const change = (part: DatePart, text: string) => {
    const next = { ...parts, [part]: text.replace(/\D/g, "").slice(0, DIGITS[part]) };
    setTyped(next);
    onChange(valueOf(next));
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- listens for the focus leaving the group as a whole
    <div
      role="group"
      aria-labelledby={`${id}-label`}
      aria-describedby={note ? `${id}-note` : undefined}
      className={styles.field}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setLeft(true);
      }}
      onFocus={() => setLeft(false)}
    >
      <span id={`${id}-label`} className={styles.label}>
        {label}
        {optional && <span className={styles.optional}> ({t.common.optional})</span>}
      </span>
      <span className={styles.dateRow}>
        {partOrder(t.locale).map((part) => (
          <label key={part} className={styles.datePart} data-part={part}>
            <span className={styles.help}>{t.common.date[part]}</span>
            <input
              name={name && `${name}.${part}`}
              inputMode="numeric"
              autoComplete="off"
              maxLength={DIGITS[part]}
              value={parts[part]}
              aria-invalid={message ? true : undefined}
              aria-describedby={note ? `${id}-note` : undefined}
              className={styles.input}
              onChange={(event) => change(part, event.target.value)}
            />
          </label>
        ))}
      </span>
      {note && (
        <span id={`${id}-note`} className={message ? styles.error : styles.help}>
          {note}
        </span>
      )}
    </div>
  );
}
