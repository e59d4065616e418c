/** The versions of a visit's notes: each is kept, and restoring one makes a new one. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { http, take } from "../api/client";
import type { RevisionList, RevisionNotes } from "../api/types";
import { recordKey } from "./record";
import { visitChanged } from "./visits";

const PAGE = 50;
const revisionsKey = (patientId: string, entryId: string) => [...recordKey(patientId), "revisions", entryId] as const;
const ALL = "/api/v1/patients/{patientId}/entries/{entryId}/revisions";

export const revisionsQuery = (patientId: string, entryId: string) =>
  infiniteQueryOptions({
    queryKey: revisionsKey(patientId, entryId),
    queryFn: ({ pageParam }): Promise<RevisionList> => take(http.GET(ALL, { params: { path: { patientId, entryId }, query: { limit: PAGE, before: pageParam ?? undefined } } })),
    initialPageParam: null as number | null,
    getNextPageParam: (page: RevisionList): number | null => page.next,
    staleTime: 0,
  });

/** A version never changes. */
export const revisionQuery = (patientId: string, entryId: string, version: number) =>
  queryOptions({
    queryKey: [...recordKey(patientId), "revision", entryId, version],
    queryFn: (): Promise<RevisionNotes> => take(http.GET(`${ALL}/{version}`, { params: { path: { patientId, entryId, version } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Makes an old version the newest, on the version of the notes that was seen. */
export function useRestoreRevision(patientId: string, entryId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, base }: { version: number; base: number }) => take(http.POST(`${ALL}/{version}/restore`, { params: { path: { patientId, entryId, version } }, body: { base } })),
    onSuccess: () => void visitChanged(client, patientId),
  });
}
