/** A patient's images, which the screen calls photos. They are sent by `upload/send.ts`, because fetch reports no upload progress. */
import { type InfiniteData, infiniteQueryOptions, type QueryClient, queryOptions, useMutation, useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { http, take } from "../api/client";
import { onForgotten } from "../api/contact";
import type { ArrangedImages, ChangedImages, Image, ImageChangeGroup, ImageMove, ImagePage, ImageValues } from "../api/types";
import { type Earlier, earlierOf } from "../compare/earlier";
import { byCursor } from "./pages";
import { recordKey, recordChanged } from "./record";
import { onPresence } from "./session";

const PAGE = 100;

const imagesKey = (patientId: string) => [...recordKey(patientId), "images"] as const;
const imageKey = (patientId: string, imageId: string) => [...recordKey(patientId), "image", imageId] as const;

/** Newest capture first, or as people arranged them. */
export type Order = "time" | "manual";

const orderKey = (patientId: string, order: Order) => [...imagesKey(patientId), order] as const;

export const imagesQuery = (patientId: string, order: Order) =>
  infiniteQueryOptions({
    queryKey: orderKey(patientId, order),
    queryFn: async ({ pageParam }): Promise<ImagePage> => {
      const page = await take(http.GET("/api/v1/patients/{patientId}/images", { params: { path: { patientId }, query: { limit: PAGE, cursor: pageParam ?? undefined, order } } }));
      noteEditions(page.images);
      return page;
    },
    ...byCursor,
  });

export const imageQuery = (patientId: string, imageId: string) =>
  queryOptions({
    queryKey: imageKey(patientId, imageId),
    queryFn: (): Promise<Image> => take(http.GET("/api/v1/patients/{patientId}/images/{imageId}", { params: { path: { patientId, imageId } } })),
  });

/** A photo that a page of the pool holds: asking for it again would be recorded as another look (U1). */
function pooled(client: QueryClient, patientId: string, imageId: string): Image | undefined {
  for (const [, list] of client.getQueriesData<InfiniteData<ImagePage>>({ queryKey: imagesKey(patientId) })) {
    for (const page of list?.pages ?? []) {
      const found = page.images.find((it) => it.id === imageId);
      if (found) return found;
    }
  }
  return undefined;
}

/** Several photos in that order; `data` once all of them are there. */
export function useImages(patientId: string, imageIds: readonly string[]) {
  const client = useQueryClient();
  const all = useQueries({ queries: imageIds.map((id) => ({ ...imageQuery(patientId, id), initialData: () => pooled(client, patientId, id), staleTime: 60_000 })) });
  const images = all.flatMap((it) => it.data ?? []);
  return { data: images.length === imageIds.length ? images : undefined, error: all.find((it) => it.error && !it.data)?.error ?? null, refetch: () => Promise.all(all.map((it) => it.refetch())) };
}

/** The most pages of the pool that are read to find an earlier photo: 2,000 photos. */
const MOST_PAGES = 20;

/** Finds the photo with which another one is compared, however far back it is: what of the pool is not here yet is read. */
export function useFindEarlier(patientId: string): (image: Image) => Promise<Earlier<Image> | null> {
  const client = useQueryClient();
  return useCallback(
    async (image) => {
      const here = client.getQueryData<InfiniteData<ImagePage>>(orderKey(patientId, "time"))?.pages ?? [];
      let images = here.flatMap((page) => page.images);
      let cursor = here.length > 0 ? here.at(-1)?.nextCursor : undefined;
      for (let page = 0; page < MOST_PAGES && cursor !== null; page += 1) {
        const found = earlierOf(image, images);
        if (found?.isSameView || (found && (image.site === null || image.view === null))) return found;
        // oxlint-disable-next-line no-await-in-loop -- each page names the next
        const more: ImagePage = await take(http.GET("/api/v1/patients/{patientId}/images", { params: { path: { patientId }, query: { limit: PAGE, cursor: cursor ?? undefined, order: "time" } } }));
        images = [...images, ...more.images];
        cursor = more.nextCursor ?? null;
      }
      return earlierOf(image, images);
    },
    [client, patientId],
  );
}

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

/**
 * Shows photos as the server says they are now, and asks again for what depends on them. The pool itself is asked for again only
 * if its order may have changed: it may have been loaded over many pages.
 */
function showChanged(client: QueryClient, patientId: string, images: readonly Image[], isMoved: boolean): void {
  const now = new Map(images.map((image) => [image.id, image]));
  noteEditions(images);
  client.setQueriesData<InfiniteData<ImagePage>>({ queryKey: imagesKey(patientId) }, (old) =>
    old && { ...old, pages: old.pages.map((page) => ({ ...page, images: page.images.map((image) => now.get(image.id) ?? image) })) },
  );
  for (const image of images) {
    const key = imageKey(patientId, image.id);
    if (client.getQueryData(key)) client.setQueryData(key, image);
  }
  void recordChanged(client, patientId, isMoved ? [] : ["images", "image"]);
}

/** Changes photos of one patient, all or nothing. What is on screen follows at once; the answer's `undo` undoes it. */
export function useChangeImages(patientId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: ImageChangeGroup[]): Promise<ChangedImages> =>
      take(http.POST("/api/v1/patients/{patientId}/images/changes", { params: { path: { patientId } }, body: { changes } })),
    onSuccess: ({ images }, changes) => showChanged(client, patientId, images, changes.some(({ set }) => set.capturedAt !== undefined)),
  });
}

/** Changes one photo, on the version that was seen. What is on screen follows. */
export function useChangeImage(patientId: string): (image: Pick<Image, "id" | "version">, set: ImageValues) => Promise<Image> {
  const client = useQueryClient();
  return useCallback(
    async ({ id, version }, set) => {
      const changed = await take(http.PATCH("/api/v1/patients/{patientId}/images/{imageId}", { params: { path: { patientId, imageId: id } }, body: { version, set } }));
      showChanged(client, patientId, [changed], set.capturedAt !== undefined);
      return changed;
    },
    [client, patientId],
  );
}

/** Another device changed photos: asks for them again. */
export function useShowImages(patientId: string): () => void {
  const client = useQueryClient();
  return useCallback(() => void recordChanged(client, patientId), [client, patientId]);
}

/** A list after moves that name photos of it; null where one names another. */
export function moved<T extends { readonly id: string }>(list: readonly T[], moves: readonly ImageMove[]): readonly T[] | null {
  let now: readonly T[] = list;
  for (const { images, after } of moves) {
    const block = images.map((id) => now.find((it) => it.id === id));
    const rest = now.filter((it) => !images.includes(it.id));
    const place = after === null ? 0 : rest.findIndex((it) => it.id === after) + 1;
    if (block.includes(undefined) || (after !== null && place === 0)) return null;
    now = [...rest.slice(0, place), ...block.filter((it) => it !== undefined), ...rest.slice(place)];
  }
  return now;
}

/** Moves photos in the manual order. The screen follows at once; the answer's `undo` undoes it. */
export function useArrangeImages(patientId: string): (moves: ImageMove[]) => Promise<ArrangedImages> {
  const client = useQueryClient();
  return useCallback(
    async (moves) => {
      const queryKey = orderKey(patientId, "manual");
      await client.cancelQueries({ queryKey });
      let isShown = false;
      client.setQueryData<InfiniteData<ImagePage>>(queryKey, (old) => {
        const all = old && moved(old.pages.flatMap((page) => page.images), moves);
        if (!all) return old;
        isShown = true;
        let from = 0;
        const pages = old.pages.map((page) => {
          const images = all.slice(from, from + page.images.length);
          from += page.images.length;
          return { ...page, images };
        });
        return { ...old, pages };
      });
      try {
        const done = await take(http.POST("/api/v1/patients/{patientId}/images/order", { params: { path: { patientId } }, body: { moves } }));
        if (!isShown) void client.invalidateQueries({ queryKey });
        void recordChanged(client, patientId, ["images", "image"]);
        return done;
      } catch (error) {
        void client.invalidateQueries({ queryKey });
        throw error;
      }
    },
    [client, patientId],
  );
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

/** How often photos were turned, as far as this page has learnt it: for lists that name photos by their ids alone. */
const editions = new Map<string, number>();

onForgotten(() => editions.clear());

const noteEditions = (images: readonly Pick<Image, "id" | "edition">[]): void => {
  for (const { id, edition } of images) if (edition > 0) editions.set(id, edition);
};

export const editionOf = (imageId: string): number => editions.get(imageId) ?? 0;

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
