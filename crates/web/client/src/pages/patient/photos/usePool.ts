import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { getImages } from "../../../api/endpoints";
import { keys } from "../../../app/queries";

export function usePool(patientId: string) {
  const query = useInfiniteQuery({
    queryKey: keys.images(patientId),
    queryFn: ({ pageParam }) => getImages(patientId, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor ?? null,
  });
  const images = useMemo(() => query.data?.pages.flatMap((page) => page.images) ?? [], [query.data]);
  return { query, images, total: query.data?.pages[0]?.total ?? images.length };
}
