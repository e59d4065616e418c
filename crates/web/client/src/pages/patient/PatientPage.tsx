import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { isProblem } from "../../api/problem";
import { setActivePatient } from "../../app/activePatient";
import { later } from "../../app/later";
import { notePatient } from "../../app/recent";
import { useTitle } from "../../app/useTitle";
import { t } from "../../i18n";
import { useWatch } from "../../live";
import { patientQuery } from "../../resources/patients";
import type { IconName } from "../../ui/icons";
import { Failed, Skeleton } from "../../ui/parts";
import { NotFound } from "../NotFound";
import { ActivityTab } from "./ActivityTab";
import { DetailsTab } from "./DetailsTab";
import { PatientHeader } from "./PatientHeader";
import styles from "./PatientPage.module.css";
import { PatientTabs } from "./PatientTabs";
import { PhotosTab } from "./photos/PhotosTab";
import { Timeline } from "./visits/Timeline";

const CameraPage = later(() => import("../../camera/CameraPage").then((it) => it.CameraPage));
const ConsentTab = later(() => import("./consent/ConsentTab").then((it) => it.ConsentTab), { waiting: <Skeleton rows={2} shape="card" />, missing: "section" });

const tabs = [
  { id: "visits", icon: "calendar" },
  { id: "photos", icon: "image" },
  { id: "consent", icon: "consent" },
  { id: "details", icon: "details" },
  { id: "activity", icon: "activity" },
] as const satisfies readonly { id: keyof typeof t.record.tabs; icon: IconName }[];

interface Props {
  patientId: string;
  tab: string;
  imageId: string | null;
}

export function PatientPage({ patientId, tab, imageId }: Props) {
  useTitle(t.patients.columns.patient);
  const { data: patient, error, refetch } = useQuery(patientQuery(patientId));
  useWatch(patientId);
  const found = patient?.id;
  const isMissing = isProblem(error) && (error.status === 404 || error.status === 422);

  useEffect(() => {
    if (isMissing) setActivePatient(null);
    else if (found) setActivePatient(found);
  }, [found, isMissing]);

  useEffect(() => {
    if (patient) notePatient(patient);
  }, [patient]);

  if (isMissing) return <NotFound />;
  if (!patient) return error ? <Failed error={error} onRetry={() => void refetch()} /> : <Loading />;
  // Over the whole page; a third part of its address is a visit.
  if (tab === "camera") return <CameraPage patient={patient} entryId={imageId} />;
  if (!tabs.some((it) => it.id === tab) || (imageId !== null && tab !== "photos")) return <NotFound />;

  return (
    <>
      <PatientHeader patient={patient} />
      <PatientTabs patient={patient} tabs={tabs} tab={tab} />
      {tab === "photos" && <PhotosTab patient={patient} imageId={imageId} />}
      {tab === "visits" && <Timeline patient={patient} />}
      {tab === "consent" && <ConsentTab patient={patient} />}
      {tab === "details" && <DetailsTab patient={patient} />}
      {tab === "activity" && <ActivityTab patientId={patientId} />}
    </>
  );
}

function Loading() {
  return (
    <div className={styles.loading}>
      <Skeleton rows={1} shape="card" />
      <Skeleton rows={3} shape="card" />
    </div>
  );
}
