/** What every list that comes in pages shares: the first page has no cursor, the last one names no next. */
export const byCursor = {
  initialPageParam: null as string | null,
  getNextPageParam: (page: { readonly nextCursor?: string | null }): string | null => page.nextCursor ?? null,
};

/**
 * What a page does after a change was made, given to a mutation hook. It is called even when the component that asked has left
 * the screen, so it may show a message but must not navigate; navigation belongs to the `onSuccess` of the call itself.
 */
export type Done<T> = (result: T) => void;
