/** What a person agrees to, each with its switch. */
import type { ConsentForm } from "../../../api/types";
import { consents } from "../../../i18n/consents";
import styles from "./Purposes.module.css";
import { Checkbox } from "../../../ui/Checkbox";

interface Props {
  form: ConsentForm;
  /** The document's own words for it, where it has some. */
  heading: string | null;
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
  error: string | undefined;
}

export function Purposes({ form, heading, chosen, onChange, error }: Props) {
  return (
    <fieldset className={styles.group} tabIndex={-1} data-invalid={error ? true : undefined}>
      <legend>{heading ?? consents.purposes}</legend>
      <div className={styles.purposes}>
        {form.purposes.map((purpose) => (
          <Checkbox
            key={purpose.code}
            isSelected={chosen.includes(purpose.code)}
            isDisabled={purpose.required}
            onChange={(on) => onChange(on ? [...chosen, purpose.code] : chosen.filter((it) => it !== purpose.code))}
            help={purpose.description || (purpose.required ? consents.purposeRequired : undefined)}
          >
            <strong>{purpose.label}</strong>
          </Checkbox>
        ))}
      </div>
      {error && <p className={styles.error}>{error}</p>}
    </fieldset>
  );
}
