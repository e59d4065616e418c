import type { FieldConflict } from "../../api/problem";
import type { CustomField } from "../../api/types";
import { t } from "../../i18n";
import { Banner, Choice } from "../../ui/parts";
import styles from "./DetailsTab.module.css";
import { fieldLabel, shownSent } from "./shownValue";

const r = t.record;

interface Props {
  conflicts: readonly FieldConflict[];
  fields: readonly CustomField[];
  /** The names of the fields where the record's value is taken. */
  theirs: ReadonlySet<string>;
  onChange: (theirs: ReadonlySet<string>) => void;
}

/** P6: both values of each field that someone else changed in the meantime. */
export function Clash({ conflicts, fields, theirs, onChange }: Props) {
  const choose = (field: string, isTheirs: boolean) => {
    const next = new Set(theirs);
    if (isTheirs) next.add(field);
    else next.delete(field);
    onChange(next);
  };
  return (
    <div className={styles.conflicts}>
      <Banner tone="warn" role="alert">
        {r.staleText}
      </Banner>
      {conflicts.map(({ field, yours, current }) => (
        <Choice<"mine" | "theirs">
          key={field}
          label={fieldLabel(field, fields)}
          name={`clash-${field}`}
          columns
          value={theirs.has(field) ? "theirs" : "mine"}
          onChange={(choice) => choose(field, choice === "theirs")}
          options={[
            { value: "mine", name: r.staleYours, text: shownSent(field, yours, fields) ?? r.notSet },
            { value: "theirs", name: r.staleTheirs, text: shownSent(field, current, fields) ?? r.notSet },
          ]}
        />
      ))}
    </div>
  );
}
