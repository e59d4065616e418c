/** What tells two patients of one name apart (F7): the unique ID, always whole, and the date of birth. It stands beside the name. */
import type { Patient } from "../../api/types";
import { t } from "../../i18n";
import { calendarDate } from "../../i18n/format";
import { displayName } from "./names";
import styles from "./WhoFacts.module.css";

type Who = Pick<Patient, "uniqueId" | "firstName" | "lastName" | "preferredName" | "birthDate">;

/** Without the ID where it is what the patient is called. */
const factsOf = (patient: Who): readonly string[] => [
  ...(displayName(patient) === patient.uniqueId ? [] : [patient.uniqueId]),
  ...(patient.birthDate ? [calendarDate(patient.birthDate)] : []),
];

export function WhoFacts({ patient }: { patient: Who }) {
  const facts = factsOf(patient);
  const labels = facts.length > 1 || facts[0] === patient.uniqueId ? [t.record.id, t.record.fields.birthDate] : [t.record.fields.birthDate];
  return facts.map((fact, at) => (
    <span key={fact} className={styles.fact}>
      <span className="visually-hidden">{labels[at]}: </span>
      {fact}
    </span>
  ));
}
