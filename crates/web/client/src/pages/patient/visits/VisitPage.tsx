/** E1–E5: one visit. What is typed saves by itself; whose visit it is and whether it is saved stay in sight (F7, D16). */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { isProblem } from "../../../api/problem";
import type { Patient } from "../../../api/types";
import type { Visit } from "../../../resources/visitLayout";
import { setActivePatient } from "../../../app/activePatient";
import { notePatient } from "../../../app/recent";
import { useZone } from "../../../app/session";
import { useTitle } from "../../../app/useTitle";
import { dateTime } from "../../../i18n/format";
import { visits as v } from "../../../i18n/visits";
import { useLiveStatus, useVisitDraft, useWatch } from "../../../live";
import { patientQuery } from "../../../resources/patients";
import { useLayout, useShowVisit, visitQuery } from "../../../resources/visits";
import { Banner, Failed, Skeleton } from "../../../ui/parts";
import { NotFound } from "../../NotFound";
import { ClashNote } from "./ClashNote";
import { ComparisonList } from "./ComparisonList";
import { Fold } from "./Fold";
import { Notes } from "./notes/Notes";
import { Presence } from "./Presence";
import { Signed } from "./Signed";
import styles from "./Visit.module.css";
import { VisitBar } from "./VisitBar";
import { VisitFields } from "./VisitFields";
import { VisitHead } from "./VisitHead";
import { WorkspacePart } from "./WorkspacePart";

interface Props {
  patientId: string;
  entryId: string;
  imageId: string | null;
}

const isGone = (error: unknown): boolean => isProblem(error) && (error.status === 404 || error.status === 422);

export function VisitPage({ patientId, entryId, imageId }: Props) {
  useTitle(v.untitled);
  const patient = useQuery(patientQuery(patientId));
  const visit = useQuery(visitQuery(patientId, entryId));
  const found = patient.data;
  useEffect(() => {
    if (!found) return;
    setActivePatient(found.id);
    notePatient(found);
  }, [found]);

  if (isGone(patient.error) || isGone(visit.error)) return <NotFound />;
  if (patient.data && visit.data) return <Opened patient={patient.data} visit={visit.data} imageId={imageId} />;
  const failed = [patient, visit].find((it) => it.isError);
  if (!failed) return <Skeleton rows={3} shape="card" />;
  return (
    <Failed
      error={failed.error}
      onRetry={() => {
        void patient.refetch();
        void visit.refetch();
      }}
    />
  );
}

function Opened({ patient, visit, imageId }: { patient: Patient; visit: Visit; imageId: string | null }) {
  const zone = useZone();
  const draft = useVisitDraft(patient.id, visit.id);
  const live = useLiveStatus();
  useWatch(patient.id);
  const layout = useLayout(patient.id, visit.id);
  useFreshList(patient.id);
  if (draft.state === "absent") return <NotFound />;
  const isSigned = visit.signed !== null;
  const isReady = draft.state === "ready";
  const isAway = !isReady && !isSigned && ((live.kind === "waiting" && !live.isBrief) || live.kind === "outdated");
  const when = dateTime(isReady ? draft.appointmentAt.value : visit.appointmentAt, zone);
  const fold = (name: keyof Visit["sections"]) => ({
    title: v.sections[name],
    isOpen: visit.sections[name],
    onToggle: (isOpen: boolean) => layout({ sections: { [name]: isOpen } }),
  });
  return (
    <div className={styles.page} data-full-width>
      <VisitBar patient={patient} status={isSigned ? { kind: "read_only", why: "" } : isAway ? { kind: "offline", count: 0 } : draft.status} isLoading={!isReady && !isSigned && !isAway} />
      <VisitHead patient={patient} visit={visit} when={when} draft={draft} />
      <Presence others={draft.others} />
      {isAway && (
        <Banner tone="warn" icon="offline" role="status">
          {v.notConnected}
        </Banner>
      )}
      {draft.clash && <ClashNote clash={draft.clash} onChoose={draft.choose} />}
      {visit.signed && <Signed signed={visit.signed} />}
      <VisitFields visit={visit} draft={draft} />
      <Fold {...fold("workspace")} {...(imageId !== null && { isOpen: true })}>
        <WorkspacePart patient={patient} visit={visit} imageId={imageId} onLayout={layout} when={when} />
      </Fold>
      <Fold {...fold("comparisons")}>
        <ComparisonList patientId={patient.id} entryId={visit.id} isSigned={isSigned} />
      </Fold>
      <Fold {...fold("notes")}>
        <Notes patientId={patient.id} visit={visit} draft={draft} />
      </Fold>
      <p className={styles.facts}>{v.facts(visit.authorName, dateTime(visit.createdAt, zone))}</p>
    </div>
  );
}

/** The timeline shows what was done here, as soon as the page is left. */
function useFreshList(patientId: string): void {
  const refresh = useShowVisit(patientId);
  useEffect(() => refresh, [refresh]);
}
