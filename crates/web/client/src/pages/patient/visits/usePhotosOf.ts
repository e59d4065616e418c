/** What is known of the photos that a visit names by their ids: looked up in the pool, which is loaded as far as they reach. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { Image } from "../../../api/types";
import { imagesQuery } from "../../../resources/images";

const NONE: readonly Image[] = [];

export function usePhotosOf(patientId: string, ids: readonly string[]) {
  const { data, hasNextPage, isFetching, isError, error, refetch, fetchNextPage } = useInfiniteQuery(imagesQuery(patientId, "time"));
  const images = useMemo(() => {
    const all = data?.pages.flatMap((page) => page.images) ?? NONE;
    const wanted = new Set(ids);
    return all.filter((image) => wanted.has(image.id));
  }, [data, ids]);
  const isMissing = images.length < ids.length;
  const isComing = isMissing && (data === undefined || hasNextPage || isFetching) && !isError;
  useEffect(() => {
    if (isMissing && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [isMissing, hasNextPage, isFetching, isError, fetchNextPage]);
  return { images, isComing, error: isMissing && isError ? error : null, retry: () => void refetch() };
}
