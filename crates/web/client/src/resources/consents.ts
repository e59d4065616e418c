/** A patient's consents, and the form that a consent is given with. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { http, take } from "../api/client";
import type { ConsentForm, ConsentInput, ConsentList, ConsentRecord } from "../api/types";
import { uploads } from "../upload/manager";
import { recordKey, recordChanged } from "./record";

const ADDRESS = "/api/v1/patients/{patientId}/consents";

export const consentsQuery = (patientId: string) =>
  queryOptions({
    queryKey: [...recordKey(patientId), "consents"],
    queryFn: (): Promise<ConsentList> => take(http.GET(ADDRESS, { params: { path: { patientId } } })),
  });

/** The form in force, in a language (BCP 47) as far as the practice has it. Always fetched again, so that the latest version is signed. */
export const consentFormQuery = (language: string) =>
  queryOptions({
    queryKey: ["consent-form", language],
    queryFn: (): Promise<ConsentForm> => take(http.GET("/api/v1/consent-form", { params: { query: { language } } })),
    staleTime: 0,
  });

/** A consent was recorded: fetches the record again and continues the uploads that waited for it. Returns whether there were any. */
export function useConsentGiven(patientId: string): () => Promise<boolean> {
  const client = useQueryClient();
  return useCallback(async () => {
    await recordChanged(client, patientId);
    return uploads.consentGiven(patientId);
  }, [client, patientId]);
}

interface Recording {
  readonly input: ConsentInput;
  /** The device is in the patient's hands, whose session opens nothing else: what follows has to wait (N6). */
  readonly isHandedOver: boolean;
}

/** Records a consent, and does what follows from it unless that has to wait. Returns whether uploads went on by it. */
export function useRecordConsent(patientId: string, done: () => void) {
  const given = useConsentGiven(patientId);
  return useMutation({
    mutationFn: async ({ input: body, isHandedOver }: Recording): Promise<boolean> => {
      await take<ConsentRecord>(http.POST(ADDRESS, { params: { path: { patientId } }, body }));
      return isHandedOver ? false : given();
    },
    onSuccess: (_, { isHandedOver }) => {
      if (!isHandedOver) done();
    },
  });
}

interface Revoking {
  readonly consentId: string;
  readonly reason: string;
}

export function useRevokeConsent(patientId: string, done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ consentId, reason }: Revoking): Promise<ConsentRecord> =>
      take(http.POST(`${ADDRESS}/{consentId}/revocation`, { params: { path: { patientId, consentId } }, body: { reason } })),
    onSuccess: async () => {
      await recordChanged(client, patientId);
      done();
    },
  });
}

/** The address of a signature's image. */
export const signatureUrl = (patientId: string, consentId: string): string =>
  `/api/v1/patients/${encodeURIComponent(patientId)}/consents/${encodeURIComponent(consentId)}/signature`;
