/** What was recorded about a patient's record, and about the signed-in account. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { http, take } from "../api/client";
import type { ActivityPage } from "../api/types";
import { byCursor } from "./pages";
import { recordKey } from "./record";

const PAGE = 50;

export const activityKey = (patientId: string) => [...recordKey(patientId), "activity"] as const;

const pagesOf = (queryKey: readonly string[], load: (cursor: string | undefined) => Promise<ActivityPage>) =>
  infiniteQueryOptions({ queryKey, queryFn: ({ pageParam }) => load(pageParam ?? undefined), ...byCursor, staleTime: 0 });

export const patientActivityQuery = (patientId: string) =>
  pagesOf(activityKey(patientId), (cursor) =>
    take(http.GET("/api/v1/patients/{patientId}/activity", { params: { path: { patientId }, query: { limit: PAGE, cursor } } })),
  );

export const accountActivityQuery = () =>
  pagesOf(["account-activity"], (cursor) => take(http.GET("/api/v1/account/activity", { params: { query: { limit: PAGE, cursor } } })));

export type ActivityQuery = ReturnType<typeof pagesOf>;
