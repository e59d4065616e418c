import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { imagesQuery, type Order } from "../../../resources/images";

export function usePool(patientId: string, order: Order) {
  const query = useInfiniteQuery(imagesQuery(patientId, order));
  const images = useMemo(() => query.data?.pages.flatMap((page) => page.images) ?? [], [query.data]);
  return { query, images, years: query.data?.pages[0]?.years ?? null, total: query.data?.pages[0]?.total ?? images.length };
}
