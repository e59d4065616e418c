/** A patient's images, which the screen calls photos. They are sent by `upload/send.ts`, because fetch reports no upload progress. */
import { type InfiniteData, infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { http, take } from "../api/client";
import type { ChangedImages, Image, ImageChangeGroup, ImagePage } from "../api/types";
import { byCursor } from "./pages";
import { recordKey, recordChanged } from "./record";
import { onPresence } from "./session";

const PAGE = 100;

const imagesKey = (patientId: string) => [...recordKey(patientId), "images"] as const;

export const imagesQuery = (patientId: string) =>
  infiniteQueryOptions({
    queryKey: imagesKey(patientId),
    queryFn: ({ pageParam }): Promise<ImagePage> =>
      take(
        http.GET("/api/v1/patients/{patientId}/images", {
          params: { path: { patientId }, query: { limit: PAGE, cursor: pageParam ?? undefined } },
        }),
      ),
    ...byCursor,
  });

export const imageQuery = (patientId: string, imageId: string) =>
  queryOptions({
    queryKey: [...recordKey(patientId), "image", imageId],
    queryFn: (): Promise<Image> => take(http.GET("/api/v1/patients/{patientId}/images/{imageId}", { params: { path: { patientId, imageId } } })),
  });

/** Refreshes what uploads changed: only the pool while more are on their way, the whole record once after the last. */
export function useShowUploaded(): (patientIds: Iterable<string>, isLast: boolean) => void {
  const client = useQueryClient();
  return useCallback(
    (patientIds, isLast) => {
      for (const id of patientIds) {
        if (isLast) void recordChanged(client, id);
        else void client.invalidateQueries({ queryKey: imagesKey(id) });
      }
    },
    [client],
  );
}

export type { ImageValues } from "../api/types";

/** The most photos that one request turns. */
export const MOST_TURNED = 50;

/** Changes photos of one patient, all or nothing. What is on screen follows at once; the answer's `undo` undoes it. */
export function useChangeImages(patientId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: ImageChangeGroup[]): Promise<ChangedImages> =>
      take(http.POST("/api/v1/patients/{patientId}/images/changes", { params: { path: { patientId } }, body: { changes } })),
    onSuccess: ({ images }) => {
      const now = new Map(images.map((image) => [image.id, image]));
      client.setQueryData<InfiniteData<ImagePage>>(imagesKey(patientId), (old) =>
        old && { ...old, pages: old.pages.map((page) => ({ ...page, images: page.images.map((image) => now.get(image.id) ?? image) })) },
      );
      void recordChanged(client, patientId);
    },
  });
}

/** The renditions of an image that the server gives. */
export type Rendition = "thumbnail" | "medium" | "screen" | "full" | "original";

const imagesUrl = (patientId: string): string => `/api/v1/patients/${encodeURIComponent(patientId)}/images`;

/** What the session puts into the addresses of thumbnails: the browser keeps them for a while, and for no other session. */
let mark = "";
const onMark = new Set<() => void>();

onPresence(({ mark: next }) => {
  if (next === mark) return;
  mark = next;
  for (const told of onMark) told();
});

/** For whoever shows thumbnails: after another sign-in they have other addresses. */
export function useMark(): void {
  useSyncExternalStore(
    (told) => {
      onMark.add(told);
      return () => onMark.delete(told);
    },
    () => mark,
  );
}

/** The address of one rendition of an image, for `src` and `href`. One that was turned looks different, so it has another. */
export function imageUrl(patientId: string, imageId: string, rendition: Rendition, edition = 0): string {
  const isKept = mark !== "" && (rendition === "thumbnail" || rendition === "medium");
  const parts = [...(isKept ? [`session=${mark}`] : []), ...(edition > 0 ? [`edition=${edition}`] : [])];
  return `${imagesUrl(patientId)}/${encodeURIComponent(imageId)}/${rendition}${parts.length > 0 ? `?${parts.join("&")}` : ""}`;
}

/** The same for an image that may have been turned. */
export const renditionUrl = (patientId: string, { id, edition }: Pick<Image, "id" | "edition">, rendition: Rendition): string => imageUrl(patientId, id, rendition, edition);

/** Where images are sent to. */
export const uploadUrl = imagesUrl;

/** Where a file is sent to in parts: the only file of its upload. */
export const partsUrl = (patientId: string, key: string): string => `/api/v1/patients/${patientId}/uploads/${key}/0`;
