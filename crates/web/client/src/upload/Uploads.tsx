/** What every page has of uploads: records follow what arrives, and the panel opens over the page. */
import { useEffect } from "react";
import { later } from "../app/later";
import { useShowUploaded } from "../resources/images";
import { uploads } from "./manager";
import { isMoving } from "./queue";
import { useUploads } from "./useUploads";

const POOL_MS = 1000;

const UploadPanel = later(() => import("./UploadPanel").then((it) => it.UploadPanel), { missing: "toast" });

export function Uploads() {
  const queue = useUploads();
  useArrivals();
  return queue.length > 0 && <UploadPanel />;
}

function useArrivals(): void {
  const showUploaded = useShowUploaded();
  useEffect(() => {
    const patients = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      // The record is read once, when all is in; until then only the pool follows, and not for each file.
      const isDone = !uploads.snapshot().some(isMoving);
      showUploaded(patients, isDone);
      if (isDone) patients.clear();
    };
    const stop = uploads.onArrived((patientId) => {
      patients.add(patientId);
      timer ??= setTimeout(look, POOL_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [showUploaded]);
}
