import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { imagesQuery } from "../../../resources/images";

export function usePool(patientId: string) {
  const query = useInfiniteQuery(imagesQuery(patientId));
  const images = useMemo(() => query.data?.pages.flatMap((page) => page.images) ?? [], [query.data]);
  return { query, images, total: query.data?.pages[0]?.total ?? images.length };
}
