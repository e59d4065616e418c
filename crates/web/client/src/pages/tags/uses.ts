/** How often a tag is used, in words (T3). */
import type { Tag } from "../../api/types";
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

/** A sentence: what it was added to, and how many patients show it. */
export const usesLong = (tag: Tag): string => (parts(tag).length > 0 ? `${p.usedOn(parts(tag).join(", "))} ${p.shownBy(tag.uses.patients)}` : p.unused);
