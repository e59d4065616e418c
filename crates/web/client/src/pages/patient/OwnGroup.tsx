import type { Patient } from "../../api/types";
import { t } from "../../i18n";
import { usePatientFields } from "../../resources/patientFields";
import { FieldsNotLoaded } from "../patients/FieldsNotLoaded";
import styles from "./DetailsTab.module.css";
import { shownOwn } from "./shownValue";

const r = t.record;

/** P2: what the practice's own fields hold, retired ones too; fields that hold nothing are left out. */
export function OwnGroup({ patient }: { patient: Patient }) {
  const { query, fields } = usePatientFields();
  const rows = fields.filter((field) => patient.practiceFields[field.id] !== undefined);
  const hasValues = Object.keys(patient.practiceFields).length > 0;
  if (!hasValues || query.isPending) return null;
  return (
    <section className={styles.group} aria-label={r.groups.practice}>
      <h2>{r.groups.practice}</h2>
      <FieldsNotLoaded query={query} />
      <dl>
        {rows.map((field) => (
          <div key={field.id}>
            <dt>
              {field.label}
              {field.retired && <span className={styles.retired}>{r.own.retired}</span>}
            </dt>
            <dd>{shownOwn(field, patient.practiceFields[field.id] ?? "")}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
