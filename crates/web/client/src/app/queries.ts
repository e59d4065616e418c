/** Names of what is fetched, and the rule when to ask again. */
import { QueryClient } from "@tanstack/react-query";
import { isProblem, OFFLINE } from "../api/problem";

export const keys = {
  presence: ["presence"] as const,
  setup: ["setup"] as const,
  patients: ["patients"] as const,
  patientSearch: (query: string) => ["patients", query] as const,
  patient: (id: string) => ["patient", id] as const,
  patientFields: ["patient-fields"] as const,
  images: (id: string) => ["patient", id, "images"] as const,
  image: (id: string, imageId: string) => ["patient", id, "image", imageId] as const,
  entries: (id: string) => ["patient", id, "entries"] as const,
  consents: (id: string) => ["patient", id, "consents"] as const,
  activity: (id: string) => ["patient", id, "activity"] as const,
  consentForm: ["consent-form"] as const,
  accountActivity: ["account-activity"] as const,
  settings: ["settings"] as const,
  notices: ["notices"] as const,
  sessions: ["sessions"] as const,
};

/** Only what may be different next time is asked again: no connection, or a server that is busy. */
export function mayHelp(failures: number, error: unknown): boolean {
  if (failures >= 2) return false;
  return isProblem(error) && (error.code === OFFLINE || error.status === 503 || error.status === 502);
}

/** Looking at a record is recorded (U1), so coming back to the window asks only for lists that others may have moved. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: mayHelp, staleTime: 15_000, gcTime: 5 * 60_000, refetchOnWindowFocus: false, networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
