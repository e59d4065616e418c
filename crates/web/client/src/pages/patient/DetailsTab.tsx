import { useState } from "react";
import type { Patient } from "../../api/types";
import { later } from "../../app/later";
import { recall } from "../../app/sealed";
import { useZone } from "../../app/session";
import { t } from "../../i18n";
import { dateTime } from "../../i18n/format";
import { Button } from "../../ui/Button";
import { type FormField, GROUP_NAMES, GROUPS, type GroupName } from "../patients/form";
import styles from "./DetailsTab.module.css";
import { CustomFieldsGroup } from "./CustomFieldsGroup";
import { draftName } from "./draft";
import { shownValue } from "./shownValue";

const r = t.record;
const EditDetailsDialog = later(() => import("./EditDetailsDialog").then((it) => it.EditDetailsDialog), { missing: "dialog" });

export function DetailsTab({ patient }: { patient: Patient }) {
  const zone = useZone();
  // What was typed before the page was loaded anew is there again.
  const [isEditing, setEditing] = useState(() => recall(draftName(patient.id)) !== undefined);
  return (
    <>
      <header className={styles.head}>
        <p className={styles.meta}>
          {r.created(dateTime(patient.createdAt, zone))}, {r.changed(dateTime(patient.lastModified, zone))}
        </p>
        <Button icon="pen" onPress={() => setEditing(true)}>
          {t.common.edit}
        </Button>
      </header>
      <div className={styles.groups}>
        {GROUP_NAMES.map((group) => (
          <Group key={group} group={group} patient={patient} />
        ))}
        <CustomFieldsGroup patient={patient} />
      </div>
      {isEditing && <EditDetailsDialog patient={patient} onClose={() => setEditing(false)} />}
    </>
  );
}

function Group({ group, patient }: { group: GroupName; patient: Patient }) {
  const rows: readonly FormField[] = group === "identity" ? ["uniqueId", ...GROUPS.identity] : GROUPS[group];
  return (
    <section className={styles.group} data-group={group} aria-label={r.groups[group]}>
      <h2>{r.groups[group]}</h2>
      <dl>
        {rows.map((name) => {
          const value = shownValue(patient, name);
          return (
            <div key={name} data-empty={value === null || undefined}>
              <dt>{r.fields[name]}</dt>
              <dd data-mono={(value !== null && (name === "uniqueId" || name === "mrn" || name === "healthCardNumber")) || undefined}>{value ?? r.notSet}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
