import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { t } from "../i18n";
import { Cover } from "../pages/patients/Cover";
import { displayName } from "../pages/patients/names";
import { patientQuery } from "../resources/patients";
import { useActivePatientId } from "./activePatient";
import styles from "./Shell.module.css";

export function ActivePatientCard() {
  const id = useActivePatientId();
  const { data } = useQuery({
    ...patientQuery(id ?? ""),
    enabled: id !== null,
    // The patient page keeps it fresh; opening the card's link records a view, showing the card must not.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: false,
  });
  if (!id || !data) return null;
  const name = displayName(data);
  return (
    <div className={styles.active}>
      <p className={styles.activeLabel}>{t.nav.openPatient}</p>
      <Link href={`/patients/${id}`} className={styles.activeCard} title={name}>
        <Cover patient={data} size={40} />
        <span className={styles.activeText}>
          <span className={styles.activeName}>{name}</span>
          <span className={styles.activeId}>{data.uniqueId}</span>
        </span>
      </Link>
    </div>
  );
}
