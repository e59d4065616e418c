/** Several photos as one ZIP: asked for, fetched once by the browser itself, and followed while they are sent. */
import { queryOptions, useMutation } from "@tanstack/react-query";
import { http, take } from "../api/client";
import { isProblem } from "../api/problem";
import type { ArchiveProgress, AskedArchive, NewArchive } from "../api/types";

/** The most photos of one download. */
export const MOST_DOWNLOADED = 500;

/** How long the server remembers that the password was entered, less a little for what is on its way. */
const CONFIRMED_MS = 9.5 * 60_000;

/** In which session the password was entered, and when. */
let confirmed: { readonly session: string; readonly at: number } | null = null;

/** Whether the server probably still remembers the password of this session. It decides. */
export const isConfirmed = (session: string): boolean => confirmed?.session === session && Date.now() - confirmed.at < CONFIRMED_MS && Date.now() >= confirmed.at;

export interface Asking {
  readonly order: NewArchive;
  /** Null when it was entered a short time ago. */
  readonly password: string | null;
  /** The mark of the session. */
  readonly session: string;
}

export const useAskArchive = (patientId: string) =>
  useMutation({
    mutationFn: async ({ order, password, session }: Asking): Promise<AskedArchive> => {
      if (password !== null) {
        await take(http.POST("/api/v1/session/confirmation", { body: { password } }));
        confirmed = { session, at: Date.now() };
      }
      try {
        return await take(http.POST("/api/v1/patients/{patientId}/archives", { params: { path: { patientId } }, body: order }));
      } catch (error) {
        if (isProblem(error, "password_needed")) confirmed = null;
        throw error;
      }
    },
  });

/** How a download goes, asked every second until it has ended. Being followed does not keep a session alive. */
export const archiveQuery = (archiveId: string) =>
  queryOptions({
    queryKey: ["archive", archiveId],
    queryFn: (): Promise<ArchiveProgress> =>
      take(http.GET("/api/v1/archives/{archiveId}", { params: { path: { archiveId } }, headers: { "X-Cutis-Background": "1" } }), "background"),
    refetchInterval: ({ state: { data, error } }) => (isProblem(error, "not_found") || data?.stage === "sent" || data?.stage === "stopped" ? false : 1000),
    staleTime: 0,
    gcTime: 0,
  });

/** Where the browser fetches it. Says nothing of the patient, and works once. */
export const archiveUrl = (archiveId: string): string => `/api/v1/archives/${encodeURIComponent(archiveId)}/content`;

/** Lets the browser save it while it arrives: nothing of it is in this page's memory. */
export function saveArchive(archiveId: string): void {
  const link = document.createElement("a");
  link.href = archiveUrl(archiveId);
  link.download = "photos.zip";
  document.body.append(link);
  link.click();
  link.remove();
}
