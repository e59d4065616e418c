import type { Patient } from "../../api/types";
import { t } from "../../i18n";
import { useCustomFields } from "../../resources/customFields";
import { FieldsNotLoaded } from "../patients/FieldsNotLoaded";
import styles from "./DetailsTab.module.css";
import { shownCustom } from "./shownValue";

const r = t.record;

/** P2: what the practice's custom fields hold, retired ones too; fields that hold nothing are left out. */
export function CustomFieldsGroup({ patient }: { patient: Patient }) {
  const { query, fields } = useCustomFields();
  const rows = fields.filter((field) => patient.practiceFields[field.id] !== undefined);
  const hasValues = Object.keys(patient.practiceFields).length > 0;
  if (!hasValues || query.isPending) return null;
  return (
    <section className={styles.group} aria-label={r.groups.custom}>
      <h2>{r.groups.custom}</h2>
      <FieldsNotLoaded query={query} />
      <dl>
        {rows.map((field) => (
          <div key={field.id}>
            <dt>
              {field.label}
              {field.retired && <span className={styles.retired}>{r.custom.retired}</span>}
            </dt>
            <dd>{shownCustom(field, patient.practiceFields[field.id] ?? "")}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
