import { useId, useState } from "react";
import { Link } from "wouter";
import type { Patient } from "../../api/types";
import { useToday } from "../../app/clock";
import { useZone } from "../../app/session";
import { named, t } from "../../i18n";
import { tags as texts } from "../../i18n/tags";
import { age, calendarDate, day } from "../../i18n/format";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/icons";
import { Badge } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { ThingTags } from "../../tags/ThingTags";
import { ConsentBadge } from "../patients/ConsentBadge";
import { Cover } from "../patients/Cover";
import { inOneLine } from "./inOneLine";
import { displayName } from "../patients/names";
import styles from "./PatientHeader.module.css";

const r = t.record;

export function PatientHeader({ patient }: { patient: Patient }) {
  const zone = useZone();
  const today = useToday();
  const years = patient.birthDate ? age(patient.birthDate, today) : null;
  /** On a phone the photos need the room: the header says who it is and what must not be overlooked; the rest is asked for. */
  const [isOpen, setOpen] = useState(false);
  const whoId = useId();
  const born = patient.birthDate ? `${calendarDate(patient.birthDate)}${years === null ? "" : ` · ${r.years(years)}`}` : null;
  const facts = [
    patient.sexAtBirth && patient.sexAtBirth !== "unknown" ? named(r.sexes, patient.sexAtBirth) : null,
    patient.pronouns ?? null,
    patient.fitzpatrick ? r.fitzpatrickShort(patient.fitzpatrick) : null,
    patient.mrn ? `${r.fields.mrn} ${patient.mrn}` : null,
  ].filter((fact) => fact !== null);

  const copy = () => {
    navigator.clipboard.writeText(patient.uniqueId).then(
      () => toast(r.copied),
      () => toast(r.notCopied, "bad"),
    );
  };

  return (
    <header className={styles.header} data-open={isOpen || undefined}>
      <Link href="/patients" className={styles.back} aria-label={t.common.backToPatients}>
        <Icon name="chevronLeft" size={22} />
      </Link>
      <div className={styles.face}>
        <Cover patient={patient} size={72} />
      </div>
      <div id={whoId} className={styles.who}>
        <h1>{displayName(patient)}</h1>
        {patient.allergies && (
          <Link href={`/patients/${patient.id}/details`} className={styles.flag}>
            <Badge tone="bad" icon="warn">
              <span className={styles.allergies} data-testid="allergies">
                {r.allergiesFlag}
                <span>: {inOneLine(patient.allergies)}</span>
              </span>
            </Badge>
          </Link>
        )}
        <div className={styles.line}>
          <span className={styles.id} data-rest>
            <span className="visually-hidden">{r.id}: </span>
            <span className="mono">{patient.uniqueId}</span>
            {/* Only secure contexts have a clipboard. */}
            {"clipboard" in navigator && <IconButton icon="copy" iconSize={15} label={r.copyId} onPress={copy} />}
          </span>
          {born && <span className={styles.fact}>{born}</span>}
          {facts.map((fact) => (
            <span key={fact} className={styles.fact} data-rest>
              {fact}
            </span>
          ))}
        </div>
      </div>
      <div className={styles.toggle}>
        <IconButton icon="chevronDown" label={isOpen ? r.showLessOf : r.showMoreOf} aria-expanded={isOpen} aria-controls={whoId} tip={false} onPress={() => setOpen(!isOpen)} />
      </div>
      <ConsentButton patient={patient} zone={zone} />
      <div className={styles.tags} data-rest>
        <ThingTags of={{ patientId: patient.id }} title={texts.ofPatient} isShort />
      </div>
    </header>
  );
}

function ConsentButton({ patient, zone }: { patient: Patient; zone: string | undefined }) {
  const { status, level, current } = patient.consent;
  if (level === "disabled" && status === "none") return null;
  const expires = current?.expiresOn;
  return (
    <Link href={`/patients/${patient.id}/consent`} className={styles.consent} data-status={status} data-rest>
      <ConsentBadge status={status} />
      <span className={styles.consentMore}>
        {status === "given" && expires
          ? t.consent.until(calendarDate(expires))
          : current
            ? day(current.recordedAt, zone)
            : t.consent.record}
      </span>
    </Link>
  );
}
