/** Stays at the top of a visit: the way back, whose visit it is (F7), and the one save status, always at the same place (D16). */
import { Link } from "wouter";
import type { Patient } from "../../../api/types";
import { useZone } from "../../../app/session";
import { time } from "../../../i18n/format";
import { visits as v } from "../../../i18n/visits";
import { type SaveStatus, useWorse } from "../../../live";
import { Icon, type IconName } from "../../../ui/icons";
import { displayName } from "../../patients/names";
import { WhoFacts } from "../../patients/WhoFacts";
import { inOneLine } from "../inOneLine";
import { Allergies } from "../PatientTabs";
import { recordPath } from "./addresses";
import styles from "./VisitBar.module.css";

interface Props {
  patient: Patient;
  status: SaveStatus;
  isLoading: boolean;
  /** There is no connection; said besides where the status says something else. */
  isOffline: boolean;
  /** Photos that are on their way into the visit. */
  arriving: number;
  /** Opens the choice that the status asks for. */
  onChoose: () => void;
}

export function VisitBar({ patient, ...shown }: Props) {
  const name = displayName(patient);
  return (
    <div className={styles.bar}>
      <Link href={recordPath(patient.id)} className={styles.back}>
        <Icon name="chevronLeft" size={22} />
        <span className="visually-hidden">{v.back}: </span>
        <span className={styles.who}>
          <span className={styles.name}>{name}</span>
          <span>
            <WhoFacts patient={patient} />
          </span>
        </span>
      </Link>
      {patient.allergies && (
        <div className={styles.allergies}>
          <Allergies text={inOneLine(patient.allergies)} isRead />
        </div>
      )}
      <Status {...shown} />
    </div>
  );
}

const icons: Readonly<Record<SaveStatus["kind"], IconName>> = { saved: "check", saving: "refresh", offline: "offline", choice: "warn", error: "warn", read_only: "lock" };

function words(status: SaveStatus, zone: string | undefined): string {
  const s = v.status;
  switch (status.kind) {
    case "saved":
      return s.saved(status.at ? time(status.at, zone) : null);
    case "offline":
      return status.count > 0 ? s.offline(status.count) : s.offlineIdle;
    case "error":
      return status.why ? `${s.error}. ${status.why}` : s.error;
    case "read_only":
      return s.readOnly;
    default:
      return s[status.kind];
  }
}

function Status({ status, isLoading, isOffline, arriving, onChoose }: Omit<Props, "patient">) {
  const zone = useZone();
  const worse = useWorse(status);
  const isChoice = status.kind === "choice" && !isLoading;
  return (
    <p className={styles.status} data-kind={isLoading ? "loading" : status.kind} data-testid="save-status">
      <span className="visually-hidden">{v.status.label}: </span>
      <Icon name={isLoading ? "refresh" : icons[status.kind]} size={16} />
      {isChoice ? (
        <span>
          {isOffline && `${v.status.offlineIdle} · `}
          <button type="button" className={styles.choose} onClick={onChoose}>
            {v.status.choice}
          </button>
        </span>
      ) : (
        <span>
          {isLoading ? v.status.loading : words(status, zone)}
          {!isLoading && arriving > 0 && ` · ${v.status.arriving(arriving)}`}
        </span>
      )}
      {/* Only what is worse than before interrupts anybody. */}
      <span role="status" className="visually-hidden">
        {worse && !isLoading ? words(worse, zone) : ""}
      </span>
    </p>
  );
}
