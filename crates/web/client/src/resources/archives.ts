/** Several photos as one ZIP: asked for, fetched once by the browser itself, and followed while they are sent. */
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { http, take } from "../api/client";
import { isProblem } from "../api/problem";
import type { ArchiveProgress, AskedArchive, NewArchive } from "../api/types";

/** The most photos of one download. */
export const MOST_DOWNLOADED = 500;

export interface Asking {
  readonly order: NewArchive;
  /** Null when it was entered a short time ago. */
  readonly password: string | null;
  /** The password was right, whatever becomes of the order. */
  readonly onConfirmed: () => void;
}

/** Whether the password was entered a short time ago, in whichever tab: the server knows. */
const passwordEnteredQuery = () =>
  queryOptions({
    queryKey: ["password-entered"],
    queryFn: (): Promise<boolean> => take(http.GET("/api/v1/session")).then(({ session }) => session.passwordEntered),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

/** What the server says of it, and a way to note what it has answered since. */
export function usePasswordEntered() {
  const client = useQueryClient();
  const { isPending, data } = useQuery(passwordEnteredQuery());
  return { isPending, isEntered: data === true, note: (isEntered: boolean) => client.setQueryData(passwordEnteredQuery().queryKey, isEntered) };
}

export const useAskArchive = (patientId: string) =>
  useMutation({
    mutationFn: async ({ order, password, onConfirmed }: Asking): Promise<AskedArchive> => {
      if (password !== null) {
        await take(http.POST("/api/v1/session/confirmation", { body: { password } }));
        onConfirmed();
      }
      return take(http.POST("/api/v1/patients/{patientId}/archives", { params: { path: { patientId } }, body: order }));
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
