/** The query cache, and when a failed request is repeated. */
import { QueryClient } from "@tanstack/react-query";
import { onRefusedAsSigned } from "../api/contact";
import { onComeback } from "../api/reach";
import { isProblem, OFFLINE } from "../api/problem";
import { signingChanged } from "./live";
import { RECORDS } from "./record";

/** Repeats a request only when the next attempt may succeed: no connection, or a busy server. */
export function mayHelp(failures: number, error: unknown): boolean {
  if (failures >= 2) return false;
  return isProblem(error) && (error.code === OFFLINE || error.status === 503 || error.status === 502);
}

/** Looking at a record is recorded (U1), so returning to the window refetches only lists that others may have changed. */
export function makeQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: { retry: mayHelp, staleTime: 15_000, gcTime: 5 * 60_000, refetchOnWindowFocus: false, networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });
  // F3: what is on screen may be out of date, or never have come.
  onComeback(() => void client.refetchQueries({ type: "active", predicate: (it) => it.queryKey[0] !== "presence" }));
  onRefusedAsSigned(() => void signingChanged(client, RECORDS));
  return client;
}
