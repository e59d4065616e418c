/** How often a tag is used, in words (T3). */
import type { Tag } from "../../api/types";
import { t } from "../../i18n";
import { tags as texts } from "../../i18n/tags";

const g = texts;
const p = g.page;

const parts = ({ uses }: Tag): string[] =>
  [
    uses.directPatients > 0 ? g.patients(uses.directPatients) : null,
    uses.entries > 0 ? g.visits(uses.entries) : null,
    uses.images > 0 ? g.photos(uses.images) : null,
  ].filter((part) => part !== null);

export const usesShort = (tag: Tag): string => parts(tag).join(", ") || p.unusedShort;

/** A sentence: what it was added to, and how many patients that concerns, where the first does not say so. */
export function usesLong(tag: Tag): string {
  if (parts(tag).length === 0) return p.unused;
  const what = new Intl.ListFormat(t.locale, { type: "conjunction" }).format(parts(tag));
  const { patients, directPatients, entries, images } = tag.uses;
  if (entries + images === 0) return p.usedOn(what);
  return directPatients === 0 ? p.usedOf(what, patients) : p.usedInAll(what, patients);
}
