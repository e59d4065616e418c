/** Patients: the list, the search, and one record. */
import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { http, take } from "../api/client";
import { type ApiProblem, isProblem } from "../api/problem";
import type { Patient, PatientFilter, PatientInput, PatientPage, PatientPatch } from "../api/types";
import { activityKey } from "./activity";
import { byCursor, type Done } from "./pages";
import { customFieldsChanged } from "./customFields";
import { LISTS, recordKey } from "./record";

/** Patients in one page of the list. */
export const PAGE = 50;

export type Sort = "lastModified" | "lastAppointment" | "uniqueId" | "name";
export type Order = "ascending" | "descending";

/** Which list: what was typed finds the best match first, otherwise there is a sort. */
export interface ListAsked {
  readonly query: string;
  readonly sort: Sort;
  readonly order: Order;
  readonly filter: PatientFilter;
}

/** What is searched for is often a name, and filters are clinical data: both travel in the body and never in an address (C41). */
const getPatients = ({ query, sort, order, filter }: ListAsked, cursor: string | null, signal: AbortSignal): Promise<PatientPage> => {
  const what = query ? { query } : { sort, order };
  const who = Object.keys(filter).length > 0 ? { filter } : {};
  return take(http.POST("/api/v1/patients/search", { body: { ...what, ...who, limit: PAGE, ...(cursor === null ? {} : { cursor }) }, signal }));
};

/** A list in pages; the former list stays while the next one is on its way. */
export const patientListQuery = (asked: ListAsked) =>
  infiniteQueryOptions({
    queryKey: [...LISTS, asked.query, asked.query ? "" : `${asked.sort} ${asked.order}`, asked.filter],
    queryFn: ({ pageParam, signal }) => getPatients(asked, pageParam, signal),
    ...byCursor,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: true,
  });

/** How many there are, where a page did not wait for that. */
export const patientCountQuery = (filter: PatientFilter, isAsked: boolean) =>
  queryOptions({
    queryKey: [...LISTS, "count", filter],
    queryFn: ({ signal }): Promise<number> => take(http.POST("/api/v1/patients/count", { body: { filter }, signal })).then((counted) => counted.total),
    enabled: isAsked,
  });

export const patientQuery = (patientId: string) =>
  queryOptions({
    queryKey: recordKey(patientId),
    queryFn: (): Promise<Patient> => take(http.GET("/api/v1/patients/{patientId}", { params: { path: { patientId } } })),
  });

export function useCreatePatient(done: Done<Patient>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: PatientInput): Promise<Patient> => take(http.POST("/api/v1/patients", { body })),
    onSuccess: (patient) => {
      client.setQueryData(patientQuery(patient.id).queryKey, patient);
      void client.invalidateQueries({ queryKey: LISTS });
      done(patient);
    },
    onError: () => customFieldsChanged(client),
  });
}

interface Edited {
  onSaved: () => void;
  /** Some of the fields changed in the meantime (P6); the others are saved. The cache already holds the record's current state. */
  onStale: (stale: { readonly sent: PatientPatch; readonly current: Patient } & Pick<ApiProblem, "conflicts" | "saved">) => void;
}

export function useEditPatient(patientId: string, { onSaved, onStale }: Edited) {
  const client = useQueryClient();
  const { queryKey } = patientQuery(patientId);
  return useMutation({
    mutationFn: (body: PatientPatch): Promise<Patient> => take(http.PATCH("/api/v1/patients/{patientId}", { params: { path: { patientId } }, body })),
    onSuccess: (next) => {
      client.setQueryData(queryKey, next);
      // Not the whole record: its photos did not change, and asking for them would be recorded as looking at them.
      void client.invalidateQueries({ queryKey: activityKey(patientId) });
      void client.invalidateQueries({ queryKey: LISTS });
      onSaved();
    },
    onError: (error, sent) => {
      customFieldsChanged(client);
      if (!isProblem(error, "stale_version") || !error.current) return;
      const { current, conflicts, saved } = error;
      client.setQueryData(queryKey, current);
      void client.invalidateQueries({ queryKey: activityKey(patientId) });
      if (saved.length > 0) void client.invalidateQueries({ queryKey: LISTS });
      onStale({ sent, current, conflicts, saved });
    },
  });
}
