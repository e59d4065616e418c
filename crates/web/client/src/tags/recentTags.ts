/** The tags that were chosen last, for the picker. Remembered while the session lasts, and no longer. */
import { recall, remember, useRemembered } from "../app/sealed";

const NAME = "tags.recent";
const MOST = 12;
const NONE: readonly string[] = [];

export function noteTags(ids: readonly string[]): void {
  const former = ((recall(NAME) as readonly string[] | undefined) ?? NONE).filter((id) => !ids.includes(id));
  if (ids.length > 0) remember(NAME, [...ids, ...former].slice(0, MOST));
}

export const useRecentTags = (): readonly string[] => useRemembered<readonly string[]>(NAME, NONE)[0];
