/** C1–C3: photos of a patient are compared, whether or not that is saved in a visit. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { useHistoryState } from "wouter/use-browser-location";
import { isProblem } from "../api/problem";
import type { Comparison, Image, Patient } from "../api/types";
import { setActivePatient } from "../app/activePatient";
import { move } from "../app/place";
import { useZone } from "../app/session";
import { useTitle } from "../app/useTitle";
import { compare as t } from "../i18n/compare";
import { useWatchSigning } from "../live";
import { OPENED_HERE } from "../pages/patient/photos/useViewer";
import { displayName } from "../pages/patients/names";
import { WhoFacts } from "../pages/patients/WhoFacts";
import { comparisonQuery, storedOf, useSendComparison } from "../resources/comparisons";
import { useImages } from "../resources/images";
import { patientQuery } from "../resources/patients";
import { Button } from "../ui/Button";
import { Empty, Failed, Skeleton } from "../ui/parts";
import styles from "./Compare.module.css";
import { CompareView } from "./CompareView";
import { FEWEST, newGroup, photoOf } from "./group";
import { comparePath, keepOpened, openedOf } from "./opened";
import { Store, type Stored } from "./store";

const frame = (inner: ReactNode) => (
  <div className={styles.empty}>
    <div>{inner}</div>
  </div>
);

interface Props {
  patientId: string;
  comparisonId: string | null;
}

export function ComparePage({ patientId, comparisonId }: Props) {
  useTitle(t.page);
  const zone = useZone();
  const [, go] = useLocation();
  const state: unknown = useHistoryState();
  const patient = useQuery(patientQuery(patientId));
  // What was saved from here: it stays on screen under its new address.
  const [made, setMade] = useState<{ readonly id: string; readonly stored: Stored } | null>(null);
  const isMade = made !== null && made.id === comparisonId;
  const [isAsked, setAsked] = useState(false);
  const comparison = useQuery({ ...comparisonQuery(patientId, comparisonId ?? ""), enabled: comparisonId !== null && (!isMade || isAsked) });
  // E5: what is saved from here is asked for once its visit may be signed.
  useWatchSigning(patientId, () => setAsked(true));
  const [opened] = useState(() => openedOf(patientId));
  const isStored = comparisonId !== null && !isMade;
  const ids = isStored ? (comparison.data?.images ?? []) : (opened?.images ?? []);
  const images = useImages(patientId, ids);
  const found = patient.data?.id;
  useEffect(() => {
    if (found) setActivePatient(found);
  }, [found]);

  const isOpenedHere = typeof state === "object" && state !== null && "openedHere" in state;
  const close = () => {
    if (isOpenedHere) history.back();
    else go(`/patients/${patientId}`, { replace: true });
  };
  const toPhotos = (
    <Button look="primary" onPress={() => go(`/patients/${patientId}/photos`, { replace: true })}>
      {t.toPhotos}
    </Button>
  );
  const error = patient.error ?? (isStored ? comparison.error : null) ?? images.error;
  if (isProblem(error) && (error.status === 404 || error.status === 422)) {
    return frame(
      <Empty icon="image" title={t.goneTitle} action={toPhotos} isPage>
        {t.goneText}
      </Empty>,
    );
  }
  if (!isStored && ids.length < FEWEST) {
    return frame(
      <Empty icon="compare" title={t.emptyTitle} action={toPhotos} isPage>
        {t.emptyText}
      </Empty>,
    );
  }
  if (error) return frame(<Failed error={error} onRetry={() => void Promise.all([patient.refetch(), ...(isStored ? [comparison.refetch()] : []), images.refetch()])} />);
  if (!patient.data || !images.data || (isStored && !comparison.data)) return <Skeleton rows={2} shape="card" />;
  return (
    <Loaded
      key={isStored ? comparisonId : "new"}
      patientId={patientId}
      patient={patient.data}
      images={images.data}
      stored={isStored && comparison.data ? { id: comparison.data.id, stored: storedOf(comparison.data) } : null}
      zone={zone}
      signed={comparison.data?.signed ? comparison.data : null}
      visitId={comparison.data?.entryId}
      onClose={close}
      onMade={(id, it) => {
        setMade({ id, stored: it });
        keepOpened(patientId, null);
        // Without a question: what was entered is saved with it.
        move(comparePath(patientId, id), { replace: true, state: isOpenedHere ? OPENED_HERE : undefined });
      }}
    />
  );
}

interface LoadedProps {
  patientId: string;
  patient: Patient;
  images: readonly Image[];
  /** Null for a comparison that is not saved. */
  stored: { readonly id: string; readonly stored: Stored } | null;
  zone: string | undefined;
  /** How it is, if its visit is signed (E5). */
  signed: Comparison | null;
  visitId: string | undefined;
  onClose: () => void;
  onMade: (comparisonId: string, stored: Stored) => void;
}

/** After so long without a change, what is not saved in a visit is kept for a reload. */
const KEPT_MS = 400;

function Loaded({ patientId, patient, images, stored, zone, signed, visitId, onClose, onMade }: LoadedProps) {
  const sender = useSendComparison(patientId);
  const [opened] = useState(() => (stored ? null : openedOf(patientId)));
  const [store] = useState(() => {
    const fresh = newGroup(images);
    if (!stored) return new Store(opened?.group ?? fresh, opened?.group !== undefined);
    const made = new Store({ ...fresh, photos: images.map(photoOf) });
    if (signed) made.freeze(stored.stored);
    else made.attach(sender(stored.id), stored.stored);
    return made;
  });
  useEffect(() => {
    if (signed) store.freeze(storedOf(signed));
  }, [store, signed]);
  const entryId = opened?.entryId;
  useEffect(() => {
    if (stored) return undefined;
    const begun = entryId === undefined ? {} : { entryId };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = store.subscribe(() => {
      clearTimeout(timer);
      if (store.isStored) return;
      timer = setTimeout(() => {
        const { group, isDirty } = store.read();
        keepOpened(patientId, { ...begun, images: group.photos.map((it) => it.imageId), ...(isDirty ? { group } : {}) });
      }, KEPT_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
      // Whoever left agreed to lose what was entered; the photos are there again on Forward.
      if (!store.isStored) keepOpened(patientId, { ...begun, images: store.read().group.photos.map((it) => it.imageId) });
    };
  }, [store, stored, patientId, entryId]);
  return (
    <CompareView
      entryId={entryId}
      visitId={visitId}
      patientId={patientId}
      name={displayName(patient)}
      facts={<WhoFacts patient={patient} />}
      store={store}
      zone={zone}
      remark={opened?.isOtherView ? t.otherView : undefined}
      onClose={onClose}
      onSaved={(id, it, title) => {
        store.setGroup("title", title);
        store.attach(sender(id), it);
        onMade(id, it);
      }}
    />
  );
}
