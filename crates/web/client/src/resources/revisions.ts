/** The versions of a visit's notes: each is kept, and restoring one makes a new one. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { take } from "../api/client";
import { ask, type RevisionPage, type RevisionText } from "../api/visits";
import { recordKey } from "./record";
import { visitChanged } from "./visits";

const PAGE = 50;
const revisionsKey = (patientId: string, entryId: string) => [...recordKey(patientId), "revisions", entryId] as const;
const path = (entryId: string, more = ""): string => `/${encodeURIComponent(entryId)}/revisions${more}`;

export const revisionsQuery = (patientId: string, entryId: string) =>
  infiniteQueryOptions({
    queryKey: revisionsKey(patientId, entryId),
    queryFn: ({ pageParam }) => take<RevisionPage>(ask("GET", patientId, path(entryId), { query: { limit: PAGE, before: pageParam ?? undefined } })),
    initialPageParam: null as number | null,
    getNextPageParam: (page: RevisionPage): number | null => page.next,
    staleTime: 0,
  });

/** A version never changes. */
export const revisionQuery = (patientId: string, entryId: string, version: number) =>
  queryOptions({
    queryKey: [...recordKey(patientId), "revision", entryId, version],
    queryFn: (): Promise<RevisionText> => take(ask<RevisionText>("GET", patientId, path(entryId, `/${version}`))),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Makes an old version the newest, on the version of the notes that was seen. */
export function useRestoreRevision(patientId: string, entryId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, base }: { version: number; base: number }) => take<{ version: number }>(ask("POST", patientId, path(entryId, `/${version}/restore`), { body: { base } })),
    onSuccess: () => void visitChanged(client, patientId),
  });
}
