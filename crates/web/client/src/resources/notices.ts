/** What the installation has to tell its administrators. */
import { queryOptions } from "@tanstack/react-query";
import { http, take } from "../api/client";
import type { NoticeList } from "../api/types";

const EVERY_MS = 60_000;

/**
 * Asked once a minute while the page is looked at. Only for administrators: others are refused, on the record (G7). Asked by the
 * page itself, so it neither keeps the session alive nor counts as contact with a person (A7).
 */
export const noticesQuery = () =>
  queryOptions({
    queryKey: ["notices"],
    queryFn: (): Promise<NoticeList> => take(http.GET("/api/v1/practice/notices", { headers: { "X-Cutis-Background": "1" } }), "background"),
    refetchInterval: EVERY_MS,
    select: (list) => list.notices,
  });
