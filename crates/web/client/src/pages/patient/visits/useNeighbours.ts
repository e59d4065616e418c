/** The visits before and after one, in time. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { visitsQuery } from "../../../resources/visits";

export function useNeighbours(patientId: string, entryId: string): { previous: string | null; next: string | null } {
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = useInfiniteQuery(visitsQuery(patientId));
  const ids = data?.pages.flatMap((page) => page.entries.map((it) => it.id)) ?? [];
  const at = ids.indexOf(entryId);
  // An old visit that was opened by its address is on a later page, or the one before it is.
  const isMissing = data !== undefined && (at < 0 || at === ids.length - 1) && hasNextPage;
  useEffect(() => {
    if (isMissing && !isFetching && !isError) void fetchNextPage();
  }, [isMissing, isFetching, isError, fetchNextPage]);
  return at < 0 ? { previous: null, next: null } : { previous: ids[at + 1] ?? null, next: ids[at - 1] ?? null };
}
