/** The heading of a visit, the way to its neighbours, and what is done most. */
import { useState } from "react";
import type { Patient } from "../../../api/types";
import type { Visit } from "../../../resources/visitLayout";
import { visits as v } from "../../../i18n/visits";
import type { VisitDraft } from "../../../live";
import { Button, LinkButton } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import { Link } from "wouter";
import { cameraPath, visitPath } from "./addresses";
import { SignDialog } from "./SignDialog";
import { useNeighbours } from "./useNeighbours";
import styles from "./Visit.module.css";

interface Props {
  patient: Patient;
  visit: Visit;
  when: string;
  draft: VisitDraft;
}

export function VisitHead({ patient, visit, when, draft }: Props) {
  const { previous, next } = useNeighbours(patient.id, visit.id);
  const [isAsking, setAsking] = useState(false);
  const ask = () => {
    draft.flush();
    setAsking(true);
  };
  return (
    <header className={styles.head}>
      <div className={styles.heading}>
        <h1 tabIndex={-1}>{v.of(when)}</h1>
        <nav aria-label={v.title} className={styles.neighbours}>
          <Neighbour patientId={patient.id} entryId={previous} icon="chevronLeft" label={v.previous} />
          <Neighbour patientId={patient.id} entryId={next} icon="chevronRight" label={v.next} />
        </nav>
      </div>
      {visit.signed === null && (
        <div className={styles.actions}>
          <LinkButton look="primary" icon="camera" href={cameraPath(patient.id, visit.id)}>
            {v.camera}
          </LinkButton>
          <Button icon="lock" isDisabled={draft.state !== "ready"} onPress={ask}>
            {v.sign.action}
          </Button>
        </div>
      )}
      {isAsking && <SignDialog patientId={patient.id} visit={visit} when={when} draft={draft} onClose={() => setAsking(false)} />}
    </header>
  );
}

function Neighbour({ patientId, entryId, icon, label }: { patientId: string; entryId: string | null; icon: "chevronLeft" | "chevronRight"; label: string }) {
  if (entryId === null) {
    return (
      <span className={styles.neighbour} data-none aria-hidden="true">
        <Icon name={icon} size={22} />
      </span>
    );
  }
  return (
    <Link href={visitPath(patientId, entryId)} className={styles.neighbour} aria-label={label} title={label}>
      <Icon name={icon} size={22} />
    </Link>
  );
}
