import { use } from "react";
import type { CustomField } from "../../api/types";
import { useToday } from "../../app/clock";
import { t } from "../../i18n";
import { age, longDay } from "../../i18n/format";
import { isUnreadable } from "../../rules/dateParts";
import { isUniqueId, normalUniqueId } from "../../rules/fields";
import { Checkbox } from "../../ui/Checkbox";
import { DateField } from "../../ui/DateField";
import { Select, TextField, type TextFieldProps } from "../../ui/Field";
import { Edited, EditsContext } from "./Edited";
import { FieldGroup } from "./FieldGroup";
import { type FormErrors, type FormField, GROUP_NAMES, GROUPS, type GroupName, type PatientForm } from "./form";
import styles from "./PatientFields.module.css";
import type { CustomValues } from "./customFields";
import { CustomFields } from "./CustomFields";

const labels = t.record.fields;
const help = t.record.help;

/** Groups that are open from the start. */
const OPEN: ReadonlySet<GroupName> = new Set(["identity", "clinical"]);

interface Props {
  form: PatientForm;
  errors: FormErrors;
  onChange: (form: PatientForm) => void;
  /** The practice's custom fields, and what the record holds in them. */
  fields: readonly CustomField[];
  held: CustomValues;
  maskedCard?: string | null;
}

const TEXT_PROPS: Partial<Record<FormField, Partial<TextFieldProps>>> = {
  email: { type: "email", autoCapitalize: "none" },
  phones: { rows: 2 },
  address: { rows: 2 },
  country: { maxLength: 2, autoCapitalize: "characters" },
  healthCardNumber: { mono: true },
  mrn: { mono: true },
  allergies: { rows: 2 },
  note: { rows: 5 },
  guardianPhone: { type: "tel" },
};

const withUnset = (options: Record<string, string>) => [
  { value: "", label: t.record.notSet },
  ...Object.entries(options).map(([value, label]) => ({ value, label })),
];

function helpOf(name: FormField, maskedCard: string | null | undefined): string | undefined {
  if (name === "healthCardNumber") return maskedCard ? help.healthCardKept(maskedCard) : help.healthCardNumber;
  return name === "phones" || name === "country" ? help[name] : undefined;
}

/** A date of birth in words, with the age: 3 April typed for 4 March is seen. */
function bornIn(date: string, today: string): string | undefined {
  const years = isUnreadable(date) ? null : age(date, today);
  return years === null ? undefined : help.birthDateIs(longDay(`${date}T00:00:00Z`, "UTC"), years);
}

export function PatientFields({ form, errors, onChange, fields, held, maskedCard }: Props) {
  const set = (name: FormField) => (value: string | boolean) => onChange({ ...form, [name]: value });
  const today = useToday();
  const edits = use(EditsContext);
  const id = form.uniqueId;
  const willBe = normalUniqueId(id);
  const typedWrong = willBe.length >= 2 && !isUniqueId(id);

  const field = (name: FormField) => {
    if (name === "guardianMayConsent") {
      return (
        <Checkbox isSelected={form.guardianMayConsent} onChange={set(name)}>
          {labels.guardianMayConsent}
        </Checkbox>
      );
    }
    if (name === "sexAtBirth" || name === "fitzpatrick") {
      const options = withUnset(name === "sexAtBirth" ? t.record.sexes : t.record.fitzpatrick);
      return <Select name={name} label={labels[name]} value={form[name]} onChange={set(name)} options={options} error={errors[name]} />;
    }
    if (name === "birthDate") {
      return <DateField name={name} label={labels[name]} value={form[name]} onChange={set(name)} error={errors[name]} help={bornIn(form[name], today)} check={(date) => (date > today ? help.birthDateFuture : undefined)} />;
    }
    return (
      <TextField
        name={name}
        label={labels[name]}
        autoComplete="off"
        value={form[name]}
        onChange={set(name)}
        error={errors[name]}
        help={helpOf(name, maskedCard)}
        {...TEXT_PROPS[name]}
      />
    );
  };

  return (
    <div className={styles.fields}>
      <Edited name="uniqueId" label={labels.uniqueId}>
        <TextField
          name="uniqueId"
          label={labels.uniqueId}
          mono
          isRequired
          autoFocus
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck="false"
          value={id}
          onChange={set("uniqueId")}
          help={isUniqueId(id) && willBe !== id ? t.patients.uniqueIdWillBe(willBe) : t.patients.uniqueIdHelp}
          error={errors.uniqueId ?? (typedWrong ? t.patients.uniqueIdRule : undefined)}
        />
      </Edited>
      {GROUP_NAMES.map((group) => (
        <FieldGroup key={group} title={t.record.groups[group]} hint={t.record.groupHints[group]} startsOpen={OPEN.has(group) || GROUPS[group].some((name) => edits?.changed.has(name))} hasError={GROUPS[group].some((name) => errors[name])}>
          <div className={styles.grid} data-single={group === "note" || undefined}>
            {GROUPS[group].map((name) => (
              <Edited key={name} name={name} label={labels[name]}>
                {field(name)}
              </Edited>
            ))}
          </div>
        </FieldGroup>
      ))}
      <CustomFields fields={fields} values={form.practiceFields} held={held} errors={errors} onChange={(practiceFields) => onChange({ ...form, practiceFields })} />
    </div>
  );
}
