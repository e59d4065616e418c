/** The cache of what was fetched, and the rule when to ask again. */
import { QueryClient } from "@tanstack/react-query";
import { isProblem, OFFLINE } from "../api/problem";

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
