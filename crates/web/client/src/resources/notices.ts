/** What the installation has to tell its administrators. */
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { http, take } from "../api/client";
import { onRefusedForRoom } from "../api/contact";
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

/** The notices, asked for again at once when something was refused for want of room: the server has told of it by then. */
export function useNotices() {
  const client = useQueryClient();
  useEffect(() => onRefusedForRoom(() => void client.invalidateQueries({ queryKey: noticesQuery().queryKey })), [client]);
  return useQuery(noticesQuery());
}
