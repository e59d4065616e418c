/** Patients: the list, the search, and one record. */
import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { http, take } from "../api/client";
import { type ApiProblem, isProblem } from "../api/problem";
import type { Patient, PatientInput, PatientPage, PatientPatch } from "../api/types";
import { activityKey } from "./activity";
import { byCursor, type Done } from "./pages";
import { customFieldsChanged } from "./customFields";
import { LISTS, recordKey } from "./record";

/** Patients in one page of the list. */
const PAGE = 50;
/** The most that a search gives; it has no pages. */
const MOST_FOUND = 100;

const getPatients = (cursor: string | null, signal: AbortSignal): Promise<PatientPage> =>
  take(http.GET("/api/v1/patients", { params: { query: { limit: PAGE, cursor: cursor ?? undefined } }, signal }));

/** What is searched for is often a name, so it travels in the body and never in an address (C41). */
const searchPatients = (query: string, signal: AbortSignal): Promise<PatientPage> =>
  take(http.POST("/api/v1/patients/search", { body: { query, limit: MOST_FOUND }, signal }));

/** All patients in pages, or those that match; the former list stays while the next one is on its way. */
export const patientListQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: [...LISTS, search],
    queryFn: ({ pageParam, signal }) => (search ? searchPatients(search, signal) : getPatients(pageParam, signal)),
    ...byCursor,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: true,
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
  /** The record changed in the meantime (P6). The cache already holds its current state. */
  onStale: (stale: { readonly sent: PatientPatch; readonly current: Patient; readonly conflicts: ApiProblem["conflicts"] }) => void;
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
      const { current, conflicts } = error;
      client.setQueryData(queryKey, current);
      onStale({ sent, current, conflicts });
    },
  });
}
