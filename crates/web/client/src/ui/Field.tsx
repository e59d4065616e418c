/** Labelled fields. Native inputs where the platform's own picker is the better one (choices on an iPad). Dates have their own: DateField. */
import { type ReactNode, useId } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from "react-aria-components/TextField";
import { t } from "../i18n";
import styles from "./Field.module.css";
import { Icon } from "./icons";

export interface TextFieldProps extends Omit<AriaTextFieldProps, "className" | "children" | "style" | "type"> {
  label: string;
  help?: ReactNode;
  error?: string | null | undefined;
  type?: "text" | "email" | "tel" | "password" | "number" | "search";
  rows?: number;
  optional?: boolean;
  mono?: boolean;
  min?: string;
  max?: string;
  placeholder?: string;
  autoCapitalize?: "none" | "characters" | "words";
  after?: ReactNode;
}

export function TextField(props: TextFieldProps) {
  const { label, help, error, rows, optional, mono, min, max, placeholder, autoCapitalize, after, type = "text", ...rest } = props;
  return (
    <AriaTextField
      {...rest}
      type={type as "text"}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={styles.field ?? ""}
    >
      <Label className={styles.label ?? ""}>
        {label}
        {optional && <span className={styles.optional}> ({t.common.optional})</span>}
      </Label>
      {rows ? (
        <TextArea rows={rows} placeholder={placeholder} className={styles.input ?? ""} />
      ) : (
        <span className={styles.row}>
          <Input
            min={min}
            max={max}
            placeholder={placeholder}
            autoCapitalize={autoCapitalize}
            className={styles.input ?? ""}
            data-mono={mono || undefined}
            data-after={after ? true : undefined}
          />
          {after && <span className={styles.after}>{after}</span>}
        </span>
      )}
      {help && !error && (
        <Text slot="description" className={styles.help ?? ""}>
          {help}
        </Text>
      )}
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </AriaTextField>
  );
}

export interface SelectProps {
  label: string;
  name?: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string }[];
  help?: string;
  error?: string | null | undefined;
  isDisabled?: boolean;
}

export function Select({ label, name, value, onChange, options, help, error, isDisabled }: SelectProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? help;
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <span className={styles.row}>
        <select
          id={id}
          name={name}
          value={value}
          disabled={isDisabled}
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? noteId : undefined}
          className={styles.input}
          data-select
          onChange={(event) => onChange(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <span className={styles.chevron}>
          <Icon name="chevronDown" size={16} />
        </span>
      </span>
      {note && (
        <span id={noteId} className={error ? styles.error : styles.help}>
          {note}
        </span>
      )}
    </div>
  );
}
