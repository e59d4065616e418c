/** A patient in the list, as a row or as a card. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { PatientSummary } from "../../api/types";
import { useNow, useToday } from "../../app/clock";
import { useMe, useZone } from "../../app/session";
import { named, t } from "../../i18n";
import { age, ago, calendarDate, day } from "../../i18n/format";
import { PickMark } from "../../select/PickMark";
import { asToggle } from "../../select/toggle";
import type { Pick } from "../../select/useSelection";
import { Icon } from "../../ui/icons";
import { ConsentBadge } from "./ConsentBadge";
import { Cover } from "./Cover";
import { displayName } from "./names";
import styles from "./PatientsPage.module.css";

const s = t.patients;

interface Props {
  patient: PatientSummary;
  isCard: boolean;
  /** Null while no patients are being selected: then it opens the record. */
  isPicked: boolean | null;
  onPick: Pick;
}

export function PatientRow({ patient, isCard, isPicked, onPick }: Props) {
  const zone = useZone();
  const { practice } = useMe();
  const now = useNow();
  const today = useToday();
  const years = patient.birthDate ? age(patient.birthDate, today) : null;
  const born = patient.birthDate ? `${calendarDate(patient.birthDate)}${years === null ? "" : ` (${years})`}` : null;
  // Its only visits may be still to come; on a card that is what is said, and in a narrow list the column for it has no room.
  const isAhead = !patient.lastAppointment && Boolean(patient.nextAppointment);
  const sex = patient.sexAtBirth && patient.sexAtBirth !== "unknown" ? named(t.record.sexes, patient.sexAtBirth) : null;
  return (
    <li>
      <Link href={`/patients/${patient.id}`} className={styles.row} data-entry data-row={patient.id} {...asToggle(patient.id, isPicked, onPick)}>
        <Cover patient={patient} size={isCard ? 96 : 60} />
        <span className={styles.who}>
          <span className={styles.name}>{displayName(patient)}</span>
          <span className={styles.facts}>
            <span className="mono">{patient.uniqueId}</span>
            {[born, sex].filter(Boolean).map((fact) => (
              <span key={fact}>{fact}</span>
            ))}
          </span>
        </span>
        <Cell kind="photos" label={s.columns.photos}>
          <Icon name="image" size={16} />
          {patient.imageCount}
        </Cell>
        <Cell kind="visits" label={s.columns.visits}>
          <Icon name="calendar" size={16} />
          {patient.entryCount}
        </Cell>
        <Cell kind="last" label={isCard && isAhead ? s.columns.next : s.columns.last} named={isCard ? "always" : patient.lastAppointment ? "narrow" : undefined} isEmpty={!patient.lastAppointment && !patient.nextAppointment}>
          {isCard || !isAhead ? (
            day(isAhead ? patient.nextAppointment : patient.lastAppointment, zone)
          ) : (
            <>
              <span className={styles.noneYet}>{t.common.none}</span>
              <span className={styles.ahead}>{s.nextOn(day(patient.nextAppointment, zone))}</span>
            </>
          )}
        </Cell>
        <Cell kind="next" label={s.columns.next}>
          {day(patient.nextAppointment, zone)}
        </Cell>
        <Cell kind="changed" label={s.columns.changed}>
          {ago(patient.lastModified, now, zone)}
        </Cell>
        <span className={styles.consent}>
          {practice.consentLevel === "disabled" && patient.consentStatus === "none" ? (
            <span className={styles.dash}>{t.common.none}</span>
          ) : (
            <ConsentBadge status={patient.consentStatus} short />
          )}
        </span>
        {isPicked !== null && <PickMark isPicked={isPicked} />}
      </Link>
    </li>
  );
}

interface CellProps {
  kind: string;
  label: string;
  /** Where its label is drawn, as no heading of a column says it: always, or where the list is too narrow for columns. */
  named?: "always" | "narrow" | undefined;
  isEmpty?: boolean;
  children: ReactNode;
}

function Cell({ kind, label, named: isNamed, isEmpty = false, children }: CellProps) {
  return (
    <span className={styles.cell} data-kind={kind} data-empty={isEmpty || undefined}>
      <span className={isNamed === "always" ? undefined : "visually-hidden"} data-named={isNamed}>
        {label}:{" "}
      </span>
      {children}
    </span>
  );
}
