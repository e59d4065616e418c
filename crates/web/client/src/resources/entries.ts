/** A patient's entries, which the screen calls visits. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { http, take } from "../api/client";
import type { Entry, EntryInput, EntryList } from "../api/types";
import type { Done } from "./pages";
import { recordKey, recordChanged } from "./record";

const ADDRESS = "/api/v1/patients/{patientId}/entries";

export const entriesQuery = (patientId: string) =>
  queryOptions({
    queryKey: [...recordKey(patientId), "entries"],
    queryFn: (): Promise<EntryList> => take(http.GET(ADDRESS, { params: { path: { patientId } } })),
  });

export function useCreateEntry(patientId: string, done: Done<Entry>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: EntryInput): Promise<Entry> => take(http.POST(ADDRESS, { params: { path: { patientId } }, body })),
    onSuccess: (entry) => {
      void recordChanged(client, patientId);
      done(entry);
    },
  });
}
