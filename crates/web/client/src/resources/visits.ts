/** A patient's entries, which the screen calls visits: the list, one of them, its layout, signing and addenda. */
import { infiniteQueryOptions, type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { http, take } from "../api/client";
import type { Addendum, Entry, EntryDetail, EntryInput, EntryList } from "../api/types";
import { byCursor, type Done } from "./pages";
import { recordKey, recordChanged } from "./record";
import { type Layout, type Visit, visitFrom } from "./visitLayout";

const LIST = "/api/v1/patients/{patientId}/entries";
const ONE = "/api/v1/patients/{patientId}/entries/{entryId}";
const PAGE = 30;

/** What a change of a visit leaves as it is. */
const UNTOUCHED = ["images", "image"] as const;

const visitKey = (patientId: string, entryId: string) => [...recordKey(patientId), "entry", entryId] as const;
/** The layout that was chosen on this page. */
const chosenKey = (patientId: string, entryId: string) => ["layout", patientId, entryId] as const;
const at = (patientId: string, entryId: string) => ({ params: { path: { patientId, entryId } } });

export const visitsQuery = (patientId: string) =>
  infiniteQueryOptions({
    queryKey: [...recordKey(patientId), "entries"],
    queryFn: ({ pageParam }): Promise<EntryList> => take(http.GET(LIST, { params: { path: { patientId }, query: { limit: PAGE, cursor: pageParam ?? undefined } } })),
    ...byCursor,
  });

export const visitQuery = (patientId: string, entryId: string) =>
  queryOptions({
    queryKey: visitKey(patientId, entryId),
    queryFn: async ({ client }): Promise<Visit> => {
      const visit = visitFrom(await take<EntryDetail>(http.GET(ONE, at(patientId, entryId))));
      // An answer that was on its way when a layout was chosen does not undo that.
      return { ...visit, ...client.getQueryData<Layout>(chosenKey(patientId, entryId)) };
    },
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
    mutationFn: (body: EntryInput): Promise<Entry> => take(http.POST(LIST, { params: { path: { patientId } }, body })),
    onSuccess: () => void visitChanged(client, patientId),
    onError: failed,
  });
}

export type LayoutChange = Partial<Omit<Layout, "sections">> & { readonly sections?: Partial<Layout["sections"]> };

/** How a visit is laid out for this account (E2): seen at once, kept by the server. What could not be kept lasts until the page goes. */
export function useLayout(patientId: string, entryId: string): (change: LayoutChange) => void {
  const client = useQueryClient();
  return useCallback(
    ({ sections, ...rest }) => {
      client.setQueryData<Visit>(visitKey(patientId, entryId), (old) => old && { ...old, ...rest, sections: { ...old.sections, ...sections } });
      const now = client.getQueryData<Visit>(visitKey(patientId, entryId));
      if (!now) return;
      const body = { sections: now.sections, order: now.order, size: now.size };
      client.setQueryData<Layout>(chosenKey(patientId, entryId), body);
      take(http.PUT("/api/v1/patients/{patientId}/entries/{entryId}/layout", { ...at(patientId, entryId), body })).catch(() => undefined);
    },
    [client, patientId, entryId],
  );
}

/** Signs what was shown, and nothing newer: where something changed since, it is refused, and what is shown is fetched again. */
export function useSignVisit(patientId: string, entryId: string, done: Done<Visit>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ appointmentAt, title, notes }: EntryDetail["versions"]): Promise<Visit> => {
      const body = { versions: { appointmentAt, title, notes } };
      return visitFrom(await take<EntryDetail>(http.POST("/api/v1/patients/{patientId}/entries/{entryId}/sign", { ...at(patientId, entryId), body })));
    },
    onError: () => void visitChanged(client, patientId),
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
    mutationFn: (text: string): Promise<Addendum> => take(http.POST("/api/v1/patients/{patientId}/entries/{entryId}/addenda", { ...at(patientId, entryId), body: { text } })),
    onSuccess: async (addendum) => {
      await client.invalidateQueries({ queryKey: visitKey(patientId, entryId) });
      void visitChanged(client, patientId);
      done(addendum);
    },
  });
}
