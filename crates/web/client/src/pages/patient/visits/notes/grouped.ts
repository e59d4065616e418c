/** Versions of the notes that one person made within ten minutes are one step for whoever looks back. */
import type { Revision } from "../../../../api/types";

const TOGETHER_MS = 10 * 60_000;

export interface Group {
  /** Newest first. */
  readonly revisions: readonly [Revision, ...Revision[]];
}

export function grouped(revisions: readonly Revision[]): Group[] {
  const groups: [Revision, ...Revision[]][] = [];
  for (const revision of revisions) {
    const last = groups.at(-1);
    const newest = last?.[0];
    const isTogether = newest && newest.by.username === revision.by.username && newest.restored === null && revision.restored === null && Date.parse(newest.at) - Date.parse(revision.at) <= TOGETHER_MS;
    if (last && isTogether) last.push(revision);
    else groups.push([revision]);
  }
  return groups.map((all) => ({ revisions: all }));
}
