/** The devices on which this account is signed in. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { http, take } from "../api/client";
import type { SessionList } from "../api/types";

const KEY = ["sessions"] as const;

export const sessionsQuery = () =>
  queryOptions({ queryKey: KEY, queryFn: (): Promise<SessionList> => take(http.GET("/api/v1/sessions")), staleTime: 0 });

/** Ends the session on one device, by its id. */
export function useEndSession({ onEnded, onRefused }: { onEnded: () => void; onRefused: (error: unknown) => void }) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sessionId: string): Promise<unknown> => take(http.DELETE("/api/v1/sessions/{sessionId}", { params: { path: { sessionId } } })),
    onSuccess: () => {
      onEnded();
      void client.invalidateQueries({ queryKey: KEY });
    },
    onError: onRefused,
  });
}

/** Ends every session, this one included. */
export const useEndAllSessions = (done: () => void) =>
  useMutation({ mutationFn: (): Promise<unknown> => take(http.DELETE("/api/v1/sessions")), onSuccess: done });
