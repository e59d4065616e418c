import { useMemo, useSyncExternalStore } from "react";
import { uploads } from "./manager";
import type { Queue } from "./queue";

export const useUploads = (): Queue => useSyncExternalStore(uploads.subscribe, uploads.snapshot);

export function usePatientUploads(patientId: string): Queue {
  const all = useUploads();
  return useMemo(() => all.filter((item) => item.patientId === patientId), [all, patientId]);
}
