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

/** With `changesOnly` without what was only looked at. */
export const patientActivityQuery = (patientId: string, changesOnly = false) =>
  pagesOf([...activityKey(patientId), changesOnly ? "changes" : "all"], (cursor) =>
    take(http.GET("/api/v1/patients/{patientId}/activity", { params: { path: { patientId }, query: { limit: PAGE, cursor, changesOnly } } })),
  );

export const accountActivityQuery = (changesOnly = false) =>
  pagesOf(["account-activity", changesOnly ? "changes" : "all"], (cursor) => take(http.GET("/api/v1/account/activity", { params: { query: { limit: PAGE, cursor, changesOnly } } })));

export type ActivityQuery = ReturnType<typeof pagesOf>;
