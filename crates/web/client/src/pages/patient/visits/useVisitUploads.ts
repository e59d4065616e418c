/** Photos that are added on the page of a visit: the server puts them into it as it stores them. One that the patient has already is put in from here. */
import { useEffect, useRef, useState } from "react";
import { useChangeWorkspace } from "../../../resources/workspace";
import { uploads } from "../../../upload/manager";
import { isLeft, type Item, type Whose } from "../../../upload/queue";
import { usePatientUploads } from "../../../upload/useUploads";

/** Not one whose visit was signed meanwhile: the list of uploads says so. */
const knownAs = ({ state }: Item): string | null => (state.kind === "duplicate" && state.remarks.withoutVisit === null ? state.imageId : null);

/** `failed` is told why, once, when photos that the patient has already could not be put into the visit. */
export function useVisitUploads(whose: Whose, entryId: string, failed: (error: unknown) => void) {
  const change = useChangeWorkspace(whose.id);
  const [mine, setMine] = useState<ReadonlySet<string>>(new Set());
  const put = useRef(new Set<string>());
  const queue = usePatientUploads(whose.id);
  const told = useRef(failed);
  useEffect(() => {
    told.current = failed;
  });

  useEffect(() => {
    const ready = queue.filter((item) => mine.has(item.id) && !put.current.has(item.id) && knownAs(item) !== null);
    if (ready.length === 0) return;
    for (const item of ready) put.current.add(item.id);
    change({ entryId, add: ready.flatMap((item) => knownAs(item) ?? []) }).catch((error: unknown) => told.current(error));
  }, [queue, mine, change, entryId]);

  const add = (files: readonly File[]): void => {
    if (files.length === 0) return;
    const added = uploads.addTo(whose, entryId, files);
    setMine((old) => new Set([...old, ...added]));
  };
  return { add, arriving: queue.filter((item) => mine.has(item.id) && isLeft(item)).length };
}
