/** Tags: the account's categories and tags (T1, T3), what something shows (T2), and giving and taking them. */
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { http, take } from "../api/client";
import type { SelectedTagList, ShownTagList, Tag, TagAssignment, TagAssignmentDone, TagCatalogue, TagCategory, TagCategoryInput, TagCategoryPatch, TagInput, TagPatch, TagSelection } from "../api/types";
import type { Done } from "./pages";
import { allRecordsChanged, LISTS, recordKey } from "./record";

const CATALOGUE = ["tags"] as const;
const MOVES = ["tags", "move"] as const;
const NONE: TagCatalogue["categories"] = [];

const tagsQuery = () => queryOptions({ queryKey: CATALOGUE, queryFn: (): Promise<TagCatalogue> => take(http.GET("/api/v1/tags")) });

export function useTags(enabled = true) {
  const query = useQuery({ ...tagsQuery(), enabled });
  return { query, categories: query.data?.categories ?? NONE };
}

/** The server gives tags to so many things at once, all or nothing. */
export const MOST_TAGGED = 500;

/** Where a request has the things that are tagged together, by what a person calls them. */
export const TAGGED = { photos: "images", patients: "patients", visits: "entries" } as const;
export type TaggedKind = keyof typeof TAGGED;

/** Whose tags are shown. */
export type Tagged = { patientId: string; entryId?: string; imageId?: string };

const keyOf = ({ patientId, entryId, imageId }: Tagged) => [...recordKey(patientId), "tags", entryId ?? imageId ?? ""] as const;

export const shownTagsQuery = (of: Tagged) =>
  queryOptions({
    queryKey: keyOf(of),
    queryFn: (): Promise<ShownTagList> => {
      const { patientId, entryId, imageId } = of;
      if (entryId) return take(http.GET("/api/v1/patients/{patientId}/entries/{entryId}/tags", { params: { path: { patientId, entryId } } }));
      if (imageId) return take(http.GET("/api/v1/patients/{patientId}/images/{imageId}/tags", { params: { path: { patientId, imageId } } }));
      return take(http.GET("/api/v1/patients/{patientId}/tags", { params: { path: { patientId } } }));
    },
  });

/** The tags that a selection's things have themselves. */
export const selectedTagsQuery = (on: TagSelection) =>
  queryOptions({
    queryKey: [...CATALOGUE, "selection", on],
    queryFn: (): Promise<SelectedTagList> => take(http.POST("/api/v1/tags/selection", { body: on })),
    staleTime: 0,
    gcTime: 0,
  });

/** What a change of tags makes stale: the catalogue with its numbers, and every record that is shown. */
async function tagsChanged(client: QueryClient): Promise<void> {
  void client.invalidateQueries({ queryKey: LISTS });
  void allRecordsChanged(client);
  await client.invalidateQueries({ queryKey: CATALOGUE });
}

function useTagMutation<A, T>(mutationFn: (asked: A) => Promise<T>, done: Done<T> = () => undefined, failed: (error: unknown) => void = () => undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: (result) => {
      void tagsChanged(client);
      done(result);
    },
    onError: failed,
  });
}

/** A new tag is in the catalogue at once: what was chosen must have a name. */
export function useCreateTag(done?: Done<Tag>) {
  const client = useQueryClient();
  return useTagMutation(
    (body: TagInput): Promise<Tag> => take(http.POST("/api/v1/tags", { body })),
    (tag) => {
      client.setQueryData(tagsQuery().queryKey, (old) => old && { categories: old.categories.map((it) => (it.id === tag.categoryId ? { ...it, tags: [...it.tags, tag] } : it)) });
      done?.(tag);
    },
  );
}

export const useChangeTag = (done?: Done<Tag>) =>
  useTagMutation(({ id, patch }: { id: string; patch: TagPatch }): Promise<Tag> => take(http.PATCH("/api/v1/tags/{tagId}", { params: { path: { tagId: id } }, body: patch })), done);

export const useMergeTags = (done?: Done<Tag>) =>
  useTagMutation(({ into, from }: { into: string; from: string[] }): Promise<Tag> => take(http.POST("/api/v1/tags/{tagId}/merge", { params: { path: { tagId: into } }, body: { from } })), done);

export const useDeleteTag = (done?: Done<undefined>) =>
  useTagMutation((id: string): Promise<undefined> => take(http.DELETE("/api/v1/tags/{tagId}", { params: { path: { tagId: id } } })), done);

export const useCreateCategory = (done?: Done<TagCategory>) =>
  useTagMutation((body: TagCategoryInput): Promise<TagCategory> => take(http.POST("/api/v1/tag-categories", { body })), done);

const changeCategory = ({ id, patch }: { id: string; patch: TagCategoryPatch }): Promise<TagCategory> =>
  take(http.PATCH("/api/v1/tag-categories/{categoryId}", { params: { path: { categoryId: id } }, body: patch }));

export const useChangeCategory = (done?: Done<TagCategory>) => useTagMutation(changeCategory, done);

export const useDeleteCategory = (done?: Done<undefined>) =>
  useTagMutation((id: string): Promise<undefined> => take(http.DELETE("/api/v1/tag-categories/{categoryId}", { params: { path: { categoryId: id } } })), done);

/** Moves are seen at once and sent one after the other, so that quick presses add up. */
export function useMoveCategory() {
  const client = useQueryClient();
  const { queryKey } = tagsQuery();
  const send = useMutation({
    mutationKey: MOVES,
    scope: { id: MOVES.join() },
    mutationFn: ({ id, position }: { id: string; position: number }) => changeCategory({ id, patch: { position } }),
    onError: () => {
      // What is shown is right unless a move failed; it is asked for after the last one.
      if (client.isMutating({ mutationKey: MOVES }) === 1) void client.invalidateQueries({ queryKey });
    },
  });
  /** Puts a category at this place, the first being 0, and says whether it moved. */
  const move = (id: string, position: number): boolean => {
    const old = client.getQueryData(queryKey)?.categories ?? [];
    const from = old.findIndex((it) => it.id === id);
    const moved = old[from];
    if (!moved || position === from || position < 0 || position >= old.length) return false;
    client.setQueryData(queryKey, { categories: old.filter((it) => it !== moved).toSpliced(position, 0, moved) });
    send.mutate({ id, position });
    return true;
  };
  return { move, error: send.error };
}

export const useAssignTags = (done?: Done<TagAssignmentDone>) =>
  useTagMutation((body: TagAssignment): Promise<TagAssignmentDone> => take(http.POST("/api/v1/tags/assignments", { body })), done);

/** Makes an assignment as if it had not been: each change the other way round, in one request for each tag. Both are called also when who asked has left the screen. */
export function useUndoAssignment(done: Done<TagAssignmentDone>, failed: (error: unknown) => void) {
  return useTagMutation(async (assigned: TagAssignmentDone): Promise<TagAssignmentDone> => {
    const { added, removed } = assigned;
    const undo = (way: "add" | "remove", { tagId, patients, entries, images }: TagAssignmentDone["added"][number]) =>
      take(http.POST("/api/v1/tags/assignments", { body: { [way]: [tagId], patients, entries, images } }));
    // What was added goes first: there may be no room for what comes back.
    for (const [way, changes] of [["remove", added], ["add", removed]] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, for the same reason
      for (const change of changes) await undo(way, change);
    }
    return assigned;
  }, done, failed);
}
