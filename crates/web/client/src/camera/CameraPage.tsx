/**
 * The camera (I6): over the whole page, for one patient, and for a visit if its address names one. Consent comes first (N1): nothing is
 * asked of the device before photos may be taken.
 */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import type { Patient } from "../api/types";
import { useHandOver } from "../app/handOver";
import { later } from "../app/later";
import { cameFrom, useBack } from "../app/place";
import { ReachStatus } from "../app/ReachStatus";
import { useSession, useZone } from "../app/session";
import { t } from "../i18n";
import { camera as c } from "../i18n/camera";
import { dateTime } from "../i18n/format";
import { displayName } from "../pages/patients/names";
import { WhoFacts } from "../pages/patients/WhoFacts";
import type { Visit } from "../resources/visitLayout";
import { visitQuery } from "../resources/visits";
import { Button } from "../ui/Button";
import { Icon } from "../ui/icons";
import { toast } from "../ui/toasts";
import { uploads } from "../upload/manager";
import { isLeft } from "../upload/queue";
import dark from "../ui/DarkPage.module.css";
import styles from "./camera.module.css";
import { Finder } from "./Finder";

const ConsentDialog = later(() => import("../pages/patient/consent/ConsentDialog").then((it) => it.ConsentDialog), { missing: "dialog" });

export function CameraPage({ patient, entryId }: { patient: Patient; entryId: string | null }) {
  const { id } = patient;
  const back = useBack();
  const { lock } = useSession();
  const { isHandedOver } = useHandOver();
  const [isAsking, setAsking] = useState(false);
  const { data: visit } = useQuery({ ...visitQuery(id, entryId ?? ""), enabled: entryId !== null });
  // E5: for a visit that is signed there are no photos any more; the patient's camera stays.
  const isSigned = visit !== undefined && visit.signed !== null;
  const { level, status, uploadAllowed } = patient.consent;
  const mustAsk = level === "required" && !uploadAllowed;
  const leave = () => {
    const left = uploads.snapshot().filter((item) => item.patientId === id && isLeft(item)).length;
    if (left > 0) toast(c.leaving(left));
    const from = cameFrom();
    back(from?.startsWith(`/patients/${id}`) ? from : `/patients/${id}`);
  };
  const record = (
    <Button look="primary" icon="consent" onPress={() => setAsking(true)}>
      {t.consent.record}
    </Button>
  );
  const page = (
    <ModalOverlay isOpen onOpenChange={(open) => !open && leave()} className={dark.overlay ?? ""}>
      <Modal className={dark.modal ?? ""}>
        <Dialog aria-label={c.title(displayName(patient))} className={`${dark.dialog} ${styles.dialog}`}>
          <header className={styles.header}>
            <div className={styles.title}>
              <Heading level={1}>{displayName(patient)}</Heading>
              <p>
                <WhoFacts patient={patient} />
              </p>
              {visit && <For visit={visit} />}
            </div>
            <Button look="primary" onPress={leave}>
              {c.done}
            </Button>
          </header>
          <ReachStatus />
          {isSigned && (
            <div className={styles.advice} role="status">
              <Icon name="lock" size={18} />
              <p>{c.visitSigned}</p>
            </div>
          )}
          {level === "advisory" && status !== "given" && (
            <div className={styles.advice}>
              <Icon name="info" size={18} />
              <p>{t.consent.bannerAdvisory}</p>
              {record}
            </div>
          )}
          {mustAsk ? (
            <div className={styles.state} data-tone="warn">
              <Icon name="consent" size={34} />
              <h2>{c.consentTitle}</h2>
              <p>{t.consent.bannerRequired}</p>
              {record}
            </div>
          ) : (
            <Finder patient={patient} entryId={isSigned ? null : entryId} isWanted={lock === null && !isHandedOver && !isAsking} />
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
  return (
    <>
      {page}
      {isAsking && <ConsentDialog patient={patient} onClose={() => setAsking(false)} onRecorded={() => setAsking(false)} />}
    </>
  );
}

function For({ visit: { appointmentAt, signed } }: { visit: Visit }) {
  const zone = useZone();
  return signed ? null : <p>{c.forVisit(dateTime(appointmentAt, zone))}</p>;
}
