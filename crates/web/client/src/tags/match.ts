/** Which tags a person means by what they typed: recent ones first while nothing is typed, then those that begin with it. */
import type { Tag, TagCategoryWithTags, TagColour } from "../api/types";

export interface Option {
  readonly tag: Tag;
  readonly category: string;
  readonly colour: TagColour;
}

/** At most so many are shown; more is typed sooner than read. */
const MOST = 40;

/** Case and accents do not matter. */
export const folded = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLocaleLowerCase("und").trim().replaceAll(/\s+/g, " ");

/** As the server compares names: case and width do not matter, accents do. Folding may undo what normalising has done. */
const key = (name: string) => name.normalize("NFKC").trim().replaceAll(/\s+/g, " ").toUpperCase().toLowerCase().normalize("NFKC");
export const sameName = (one: string, other: string): boolean => key(one) === key(other);

export const allOptions = (categories: readonly TagCategoryWithTags[]): Option[] =>
  categories.flatMap(({ name, colour, tags }) => tags.map((tag) => ({ tag, category: name, colour })));

/** Options in the order in which they are offered. Archived tags are not given to anything new. */
export function matching(categories: readonly TagCategoryWithTags[], typed: string, recent: readonly string[], hasArchived = false): Option[] {
  const all = allOptions(categories).filter(({ tag }) => hasArchived || !tag.archived);
  const needle = folded(typed);
  const at = (id: string) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  const rank = ({ tag, category }: Option): number => {
    const name = folded(tag.name);
    if (needle === "") return 0;
    // What cannot be created because it is there is found.
    if (name === needle || sameName(tag.name, typed)) return 0;
    if (name.startsWith(needle)) return 1;
    if (name.includes(` ${needle}`)) return 2;
    if (name.includes(needle)) return 3;
    return folded(`${category} ${tag.name}`).includes(needle) ? 4 : 9;
  };
  return all
    .map((option) => ({ option, rank: rank(option) }))
    .filter((it) => it.rank < 9)
    .toSorted((a, b) => a.rank - b.rank || at(a.option.tag.id) - at(b.option.tag.id))
    .slice(0, MOST)
    .map((it) => it.option);
}
