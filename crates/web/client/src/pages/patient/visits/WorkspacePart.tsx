/** E4: the photos of a visit. They come from the camera, from this device, or from the patient's photos; taking one out leaves it with the patient. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { compareImages } from "../../../compare/opened";
import { explain, isProblem, VISIT_SIGNED } from "../../../api/problem";
import type { Patient } from "../../../api/types";
import type { useLayout } from "../../../resources/visits";
import type { Visit } from "../../../resources/visitLayout";
import { later } from "../../../app/later";
import { useZone } from "../../../app/session";
import { visits as v } from "../../../i18n/visits";
import { workspaceQuery } from "../../../resources/workspace";
import { alongRows } from "../../../select/toggle";
import { useSelection } from "../../../select/useSelection";
import { Button } from "../../../ui/Button";
import { Failed, Skeleton } from "../../../ui/parts";
import { OF_PHOTOS, toast } from "../../../ui/toasts";
import { displayName } from "../../patients/names";
import { ConsentBanner } from "../photos/ConsentBanner";
import { ACCEPT } from "../photos/formats";
import { useFileDrop } from "../photos/useFileDrop";
import { useViewer } from "../photos/useViewer";
import { visitPath } from "./addresses";
import { daysOf } from "./days";
import { usePhotosOf } from "./usePhotosOf";
import { useVisitPhotos } from "./useVisitPhotos";
import { useVisitUploads } from "./useVisitUploads";
import { WorkspaceGrid } from "./WorkspaceGrid";
import { WorkspaceTools } from "./WorkspaceTools";
import styles from "./Workspace.module.css";

const Viewer = later(() => import("../photos/Viewer").then((it) => it.Viewer), { missing: "dialog" });
const PhotoPicker = later(() => import("./PhotoPicker").then((it) => it.PhotoPicker), { missing: "dialog" });
const WorkspaceBar = later(() => import("./WorkspaceBar").then((it) => it.WorkspaceBar));

const p = v.photos;
const NONE: readonly string[] = [];
const nothing = (): void => undefined;

interface Props {
  patient: Patient;
  visit: Visit;
  imageId: string | null;
  onLayout: ReturnType<typeof useLayout>;
  when: string;
}

export function WorkspacePart({ patient, visit, imageId, onLayout, when }: Props) {
  const { id } = patient;
  const zone = useZone();
  const [, go] = useLocation();
  const workspace = useQuery(workspaceQuery(id, visit.id));
  const ids = workspace.data?.images ?? NONE;
  const { images, isComing, error, retry } = usePhotosOf(id, ids);
  const days = useMemo(() => daysOf(images, visit.order, zone), [images, visit.order, zone]);
  const shown = useMemo(() => days.flatMap((day) => day.images), [days]);
  const { picked, pick, pickAll, begin, end } = useSelection(shown);
  const { remove, add: put } = useVisitPhotos(id, visit.id);
  const uploads = useVisitUploads({ id, name: displayName(patient) }, visit.id, (why) => toast(isProblem(why, VISIT_SIGNED) ? explain(why) : p.notPut, "bad", undefined, OF_PHOTOS));
  const viewer = useViewer(visitPath(id, visit.id));
  const [isPicking, setPicking] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const start = useRef<HTMLButtonElement>(null);
  const isFixed = visit.signed !== null;
  useFileDrop(uploads.add, !isFixed && imageId === null && !isPicking);

  const choose = (
    <Button icon="image" onPress={() => setPicking(true)}>
      {p.choose}
    </Button>
  );
  const fromDevice = (
    <Button icon="upload" onPress={() => input.current?.click()}>
      {p.add}
    </Button>
  );
  return (
    <div className={styles.part}>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ACCEPT}
        data-testid="files"
        onChange={(event) => {
          uploads.add([...(event.target.files ?? [])]);
          // The same file may be chosen again.
          event.target.value = "";
        }}
      />
      {!isFixed && <ConsentBanner patient={patient} />}
      <div className={styles.tools}>
        {!isFixed && fromDevice}
        {!isFixed && choose}
        {ids.length > 0 && <WorkspaceTools order={visit.order} size={visit.size} start={start} isSelecting={picked !== null} onOrder={(order) => onLayout({ order })} onSize={(size) => onLayout({ size })} onSelect={picked ? end : begin} />}
      </div>
      <p role="status" className={styles.arriving} hidden={uploads.arriving === 0}>
        {uploads.arriving > 0 && p.arriving(uploads.arriving)}
      </p>
      {workspace.isPending && <Skeleton rows={4} shape="tile" />}
      {workspace.isError && !workspace.data && <Failed error={workspace.error} onRetry={() => void workspace.refetch()} />}
      {workspace.data && ids.length === 0 && <p className={styles.empty}>{p.empty}</p>}
      {/* The arrow keys are an addition; every photo is a link, or a checkbox. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div onKeyDown={(event) => alongRows(event, picked && pick)}>
        <WorkspaceGrid patientId={id} entryId={visit.id} days={days} total={shown.length} size={visit.size} zone={zone} picked={picked} onPick={pick} />
      </div>
      {isComing && ids.length > 0 && <Skeleton rows={Math.min(4, ids.length - images.length)} shape="tile" />}
      {error !== null && <Failed error={error} onRetry={retry} />}
      {picked && (
        <WorkspaceBar
          picked={picked}
          shown={shown}
          start={start}
          isFixed={isFixed}
          onAll={pickAll}
          onNone={begin}
          onDone={end}
          onRemove={async (chosen) => {
            if (await remove(chosen)) begin();
          }}
          onCompare={(chosen) => compareImages(go, id, chosen, { entryId: visit.id })}
        />
      )}
      {isPicking && !isFixed && <PhotoPicker patientId={id} inVisit={ids} when={when} onAdd={put} onClose={() => setPicking(false)} />}
      {imageId !== null && (
        <Viewer patientId={id} name={displayName(patient)} images={shown} total={shown.length} imageId={imageId} zone={zone} onMove={viewer.move} onClose={viewer.close} onNearEnd={nothing} />
      )}
    </div>
  );
}
