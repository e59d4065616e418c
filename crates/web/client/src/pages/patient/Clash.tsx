import type { FieldConflict } from "../../api/problem";
import type { CustomField } from "../../api/types";
import { useZone } from "../../app/session";
import { t } from "../../i18n";
import { details } from "../../i18n/details";
import { dateTime } from "../../i18n/format";
import { Banner, Choice, type ChoiceOption } from "../../ui/parts";
import { bothOf, type Choices, type Keep } from "./conflicts";
import styles from "./DetailsTab.module.css";
import { fieldLabel, shownSent } from "./shownValue";

const r = t.record;
const s = details.stale;

interface Props {
  /** The save had other fields, too, and they are saved. */
  isRestSaved: boolean;
  conflicts: readonly FieldConflict[];
  fields: readonly CustomField[];
  choices: Choices;
  onChange: (choices: Choices) => void;
}

/** P6, F8: both values of each field that someone else changed in the meantime, with who and when. None is chosen beforehand. */
export function Clash({ isRestSaved, conflicts, fields, choices, onChange }: Props) {
  const zone = useZone();
  return (
    <div className={styles.conflicts}>
      <Banner tone="warn" role="alert">
        {s.text} {isRestSaved && s.rest}
      </Banner>
      {conflicts.map((conflict) => {
        const { field, yours, current, changedBy, changedAt } = conflict;
        const both = bothOf(conflict, fields);
        const options: ChoiceOption<Keep>[] = [
          { value: "mine", name: s.yours, text: shownSent(field, yours, fields) ?? r.notSet },
          { value: "theirs", name: s.theirs, text: shownSent(field, current, fields) ?? r.notSet },
        ];
        if (both !== null) options.push({ value: "both", name: s.both, text: both });
        return (
          <Choice<Keep>
            key={field}
            label={fieldLabel(field, fields)}
            help={changedBy && changedAt ? s.by(changedBy, dateTime(changedAt, zone)) : undefined}
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
