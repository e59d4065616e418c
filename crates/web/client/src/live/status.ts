/** What a person reads of saving: one status for a whole visit, and one for the connection. */

export type SaveStatus =
  /** Everything is stored; `at` is when (RFC 3339), null when nothing was typed on this page. */
  | { readonly kind: "saved"; readonly at: string | null }
  | { readonly kind: "saving" }
  /** The server cannot be reached live; `count` changes wait on this device. */
  | { readonly kind: "offline"; readonly count: number }
  /** Somebody else changed the same, and the person has to choose. */
  | { readonly kind: "choice" }
  | { readonly kind: "error"; readonly why: string }
  | { readonly kind: "read_only"; readonly why: string };

export type LiveStatus =
  /** Nobody is signed in, or the session has ended: nothing is sent. */
  | { readonly kind: "off" }
  | { readonly kind: "connecting" }
  | { readonly kind: "open" }
  /**
   * No connection since then, in milliseconds since the epoch. `isBlocked`: the server answers, but live connections don't come through.
   * `isBrief`: not for so long that a person needs to know; most come back by themselves in half a second.
   */
  | { readonly kind: "waiting"; readonly since: number; readonly isBlocked: boolean; readonly isBrief: boolean }
  /** The server speaks another version: the page has to be loaded again. */
  | { readonly kind: "outdated" };

const RANK: Readonly<Record<SaveStatus["kind"], number>> = { saved: 0, saving: 0, offline: 1, read_only: 2, choice: 3, error: 4 };

/** Whether `next` is to be announced after `former`: only a change for the worse interrupts anybody. */
export const isWorse = (former: SaveStatus, next: SaveStatus): boolean => RANK[next.kind] > RANK[former.kind];
