/** E1–E5: one visit. What is typed saves by itself; whose visit it is and whether it is saved stay in sight (F7, D16). */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
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
import { isLeft } from "../../../upload/queue";
import { usePatientUploads } from "../../../upload/useUploads";
import { Banner, Failed, Skeleton } from "../../../ui/parts";
import { NotFound } from "../../NotFound";
import { ClashDialog, ClashNote } from "./ClashNote";
import { ComparisonList } from "./ComparisonList";
import { Fold } from "./Fold";
import { LateNote } from "./LateNote";
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
  const [isChoosing, setChoosing] = useState(false);
  const arriving = usePatientUploads(patient.id).filter((item) => item.said?.entryId === visit.id && isLeft(item)).length;
  if (draft.state === "absent") return <NotFound />;
  const isSigned = visit.signed !== null;
  const isReady = draft.state === "ready";
  const isAway = !isReady && !isSigned && ((live.kind === "waiting" && !live.isBrief) || live.kind === "outdated");
  const when = dateTime(isReady ? draft.appointmentAt.value : visit.appointmentAt, zone);
  const { clash, late } = draft;
  // What was typed and is not stored is told also where nothing can be typed any more (R0).
  const status = isSigned && draft.waiting === 0 && late.length === 0 ? ({ kind: "read_only", why: "" } as const) : isAway ? ({ kind: "offline", count: draft.waiting } as const) : draft.status;
  const lateNotes = (isOfNotes: boolean) =>
    late.filter((it) => (it.field === "notes") === isOfNotes).map((it) => <LateNote key={`${it.field} ${it.text}`} patientId={patient.id} entryId={visit.id} late={it} />);
  const clashNote = clash && <ClashNote clash={clash} onOpen={() => setChoosing(true)} />;
  const ofNotes = clash?.field === "notes" ? clashNote : lateNotes(true);
  const hasOfNotes = clash?.field === "notes" || late.some((it) => it.field === "notes");
  const fold = (name: keyof Visit["sections"]) => ({
    title: v.sections[name],
    isOpen: visit.sections[name],
    onToggle: (isOpen: boolean) => layout({ sections: { [name]: isOpen } }),
  });
  return (
    <div className={styles.page} data-full-width>
      <VisitBar patient={patient} status={status} isLoading={!isReady && !isSigned && !isAway} isOffline={live.kind === "waiting" && !live.isBrief} arriving={arriving} onChoose={() => setChoosing(true)} />
      <VisitHead patient={patient} visit={visit} when={when} draft={draft} />
      <div className={styles.slot}>
        <Presence others={draft.others} />
        {clash?.field !== "notes" && clashNote}
      </div>
      {isAway && (
        <Banner tone="warn" icon="offline" role="status">
          {v.notConnected}
        </Banner>
      )}
      {isChoosing && clash && <ClashDialog clash={clash} others={draft.others} onChoose={draft.choose} onClose={() => setChoosing(false)} />}
      {visit.signed && <Signed signed={visit.signed} />}
      {lateNotes(false)}
      <VisitFields visit={visit} draft={draft} />
      <Fold {...fold("workspace")} {...(imageId !== null && { isOpen: true })}>
        <WorkspacePart patient={patient} visit={visit} imageId={imageId} onLayout={layout} when={when} />
      </Fold>
      <Fold {...fold("comparisons")}>
        <ComparisonList patientId={patient.id} entryId={visit.id} isSigned={isSigned} />
      </Fold>
      <Fold {...fold("notes")} {...(hasOfNotes && { isOpen: true })}>
        <Notes patientId={patient.id} visit={visit} draft={draft} notice={ofNotes} />
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
