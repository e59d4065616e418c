/** What every list that comes in pages shares: the first page has no cursor, the last one names no next. */
export const byCursor = {
  initialPageParam: null as string | null,
  getNextPageParam: (page: { readonly nextCursor?: string | null }): string | null => page.nextCursor ?? null,
};

/**
 * What a page does after its change was made, said to a mutation hook. It is called even when what asked for the change has
 * left the screen, so it may tell the person, but not take them anywhere; that belongs to the call's own `onSuccess`.
 */
export type Done<T> = (result: T) => void;
