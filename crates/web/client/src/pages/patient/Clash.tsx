import type { FieldConflict } from "../../api/problem";
import type { CustomField } from "../../api/types";
import { useZone } from "../../app/session";
import { t } from "../../i18n";
import { dateTime } from "../../i18n/format";
import { Banner, Choice, type ChoiceOption } from "../../ui/parts";
import { bothOf, type Choices, type Keep } from "./conflicts";
import styles from "./DetailsTab.module.css";
import { fieldLabel, shownSent } from "./shownValue";

const r = t.record;

interface Props {
  conflicts: readonly FieldConflict[];
  fields: readonly CustomField[];
  choices: Choices;
  onChange: (choices: Choices) => void;
}

/** P6, F8: both values of each field that someone else changed in the meantime, with who and when. None is chosen beforehand. */
export function Clash({ conflicts, fields, choices, onChange }: Props) {
  const zone = useZone();
  return (
    <div className={styles.conflicts}>
      <Banner tone="warn" role="alert">
        {r.staleText}
      </Banner>
      {conflicts.map((conflict) => {
        const { field, yours, current, changedBy, changedAt } = conflict;
        const both = bothOf(conflict, fields);
        const options: ChoiceOption<Keep>[] = [
          { value: "mine", name: r.staleYours, text: shownSent(field, yours, fields) ?? r.notSet },
          { value: "theirs", name: r.staleTheirs, text: shownSent(field, current, fields) ?? r.notSet },
        ];
        if (both !== null) options.push({ value: "both", name: r.staleBoth, text: both });
        return (
          <Choice<Keep>
            key={field}
            label={fieldLabel(field, fields)}
            help={changedBy && changedAt ? r.staleBy(changedBy, dateTime(changedAt, zone)) : undefined}
            name={`clash-${field}`}
            columns
            value={choices[field] ?? null}
            onChange={(keep) => onChange({ ...choices, [field]: keep })}
            options={options}
          />
        );
      })}
    </div>
  );
}
