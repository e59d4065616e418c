import type { CustomField } from "../../api/types";
import { t } from "../../i18n";
import { DateField } from "../../ui/DateField";
import { Select, TextField } from "../../ui/Field";
import { Edited } from "./Edited";
import { FieldGroup } from "./FieldGroup";
import type { FormErrors } from "./form";
import styles from "./PatientFields.module.css";
import { choicesOf, inUse, normalNumber, customName, type CustomValues } from "./customFields";

interface Props {
  fields: readonly CustomField[];
  values: CustomValues;
  /** What the record holds. */
  held: CustomValues;
  errors: FormErrors;
  onChange: (values: CustomValues) => void;
}

/** P2: custom fields, as the last group of a patient form. */
export function CustomFields({ fields, values, held, errors, onChange }: Props) {
  const shown = inUse(fields);
  if (shown.length === 0) return null;
  return (
    <FieldGroup
      title={t.record.groups.custom}
      hint={shown.map((field) => field.label).join(", ")}
      startsOpen
      hasError={shown.some((field) => errors[customName(field.id)])}
    >
      <div className={styles.grid}>
        {shown.map((field) => (
          <Edited key={field.id} name={customName(field.id)} label={field.label}>
            <CustomFieldInput
              field={field}
              value={values[field.id] ?? ""}
              held={held[field.id] ?? ""}
              error={errors[customName(field.id)]}
              onChange={(value) => onChange({ ...values, [field.id]: value })}
            />
          </Edited>
        ))}
      </div>
    </FieldGroup>
  );
}

interface CustomFieldInputProps {
  field: CustomField;
  value: string;
  held: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

const notSet = () => ({ value: "", label: t.record.notSet });
const yesNo = () => [notSet(), { value: "yes", label: t.common.yes }, { value: "no", label: t.common.no }];

function CustomFieldInput({ field, value, held, error, onChange }: CustomFieldInputProps) {
  const shared = { name: customName(field.id), label: field.label, value, onChange, error };
  switch (field.kind) {
    case "yes_no":
      return <Select {...shared} options={yesNo()} />;
    case "choice":
      return <Select {...shared} options={[notSet(), ...choicesOf(field, held, value)]} />;
    case "date":
      return <DateField {...shared} />;
    case "number": {
      const number = normalNumber(value);
      const differs = number !== null && number !== value.trim();
      return <TextField {...shared} inputMode="decimal" autoComplete="off" help={differs ? t.record.custom.numberWillBe(number) : undefined} />;
    }
    default:
      // A one-line input would drop the line breaks of what is held.
      return <TextField {...shared} autoComplete="off" {...(held.includes("\n") || held.length > 60 ? { rows: 3 } : {})} />;
  }
}
