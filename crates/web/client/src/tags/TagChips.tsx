/** Tags as a row of chips: a coloured dot and the name, never colour alone; what comes from elsewhere outlined, with its source. */
import type { ShownTag, TagColour } from "../api/types";
import { tags as texts } from "../i18n/tags";
import styles from "./tags.module.css";

const g = texts;

export const TagDot = ({ colour }: { colour: TagColour }) => <span className={styles.dot} data-colour={colour} aria-hidden="true" />;

/** Where a tag comes from that is not the thing's own: "from 2 visits, 3 photos". */
export function sourceOf({ own, fromEntries, fromImages }: Pick<ShownTag, "own" | "fromEntries" | "fromImages">): string | null {
  if (own) return null;
  const parts = [fromEntries > 0 ? g.visits(fromEntries) : null, fromImages > 0 ? g.photos(fromImages) : null].filter((part) => part !== null);
  return parts.length > 0 ? g.from(parts.join(", ")) : null;
}

export function TagChips({ tags, label = g.title }: { tags: readonly ShownTag[]; label?: string }) {
  if (tags.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label={label}>
      {tags.map((tag) => {
        const source = sourceOf(tag);
        return (
          <li key={tag.id} className={styles.chip} data-inherited={source !== null || undefined} data-archived={tag.archived || undefined} title={g.inCategory(tag.category)}>
            <TagDot colour={tag.colour} />
            <span className={styles.name}>
              <span className="visually-hidden">{tag.category}: </span>
              {tag.name}
              {tag.archived && <span className="visually-hidden"> ({g.archived})</span>}
            </span>
            {source && <span className={styles.source}>{source}</span>}
          </li>
        );
      })}
    </ul>
  );
}
