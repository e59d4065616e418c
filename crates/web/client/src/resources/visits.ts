/** A patient's entries, which the screen calls visits: the list, one of them, its layout, signing and addenda. */
import { infiniteQueryOptions, type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { take } from "../api/client";
import { type Addendum, ask, type Layout, type Visit, type VisitPage } from "../api/visits";
import type { Entry, EntryInput } from "../api/types";
import type { Done } from "./pages";
import { recordKey, recordChanged } from "./record";

const PAGE = 30;

/** What a change of a visit leaves as it is. */
const UNTOUCHED = ["images", "image"] as const;

const visitKey = (patientId: string, entryId: string) => [...recordKey(patientId), "entry", entryId] as const;
const below = (entryId: string, more = ""): string => `/${encodeURIComponent(entryId)}${more}`;

export const visitsQuery = (patientId: string) =>
  infiniteQueryOptions({
    queryKey: [...recordKey(patientId), "entries"],
    queryFn: ({ pageParam }) => take<VisitPage>(ask("GET", patientId, "", { query: { limit: PAGE, cursor: pageParam ?? undefined } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page: VisitPage): string | null => page.next,
  });

export const visitQuery = (patientId: string, entryId: string) =>
  queryOptions({
    queryKey: visitKey(patientId, entryId),
    queryFn: (): Promise<Visit> => take(ask<Visit>("GET", patientId, below(entryId))),
  });

export const visitChanged = (client: QueryClient, patientId: string): Promise<void> => recordChanged(client, patientId, UNTOUCHED);

/** Something of the visit changed elsewhere, or over the live connection: what is shown of it and of the list is asked for again. */
export function useShowVisit(patientId: string): () => void {
  const client = useQueryClient();
  return useCallback(() => void visitChanged(client, patientId), [client, patientId]);
}

export function useCreateVisit(patientId: string, failed: (error: unknown) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: EntryInput) => take<Entry>(ask("POST", patientId, "", { body })),
    onSuccess: () => void visitChanged(client, patientId),
    onError: failed,
  });
}

/** How a visit is laid out for this account (E2): seen at once, kept by the server. What could not be kept is kept until the page goes. */
export function useLayout(patientId: string, entryId: string): (change: { [Key in keyof Layout]?: Key extends "sections" ? Partial<Layout["sections"]> : Layout[Key] }) => void {
  const client = useQueryClient();
  return useCallback(
    (change) => {
      const { sections, ...rest } = change;
      client.setQueryData<Visit>(visitKey(patientId, entryId), (old) => old && { ...old, ...rest, sections: { ...old.sections, ...sections } });
      const now = client.getQueryData<Visit>(visitKey(patientId, entryId));
      const body = { ...rest, ...(sections && now && { sections: now.sections }) };
      take(ask("PUT", patientId, below(entryId, "/layout"), { body })).catch(() => undefined);
    },
    [client, patientId, entryId],
  );
}

export function useSignVisit(patientId: string, entryId: string, done: Done<Visit>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => take<Visit>(ask("POST", patientId, below(entryId, "/sign"), { body: {} })),
    onSuccess: (visit) => {
      client.setQueryData(visitKey(patientId, entryId), visit);
      void visitChanged(client, patientId);
      done(visit);
    },
  });
}

export function useAddAddendum(patientId: string, entryId: string, done: Done<Addendum>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => take<Addendum>(ask("POST", patientId, below(entryId, "/addenda"), { body: { text } })),
    onSuccess: async (addendum) => {
      await client.invalidateQueries({ queryKey: visitKey(patientId, entryId) });
      void visitChanged(client, patientId);
      done(addendum);
    },
  });
}
