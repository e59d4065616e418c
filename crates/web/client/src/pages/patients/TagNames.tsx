/** The names of the tags that a filter asks for; one that is gone has none, and is on nobody. */
import { useTags } from "../../resources/tags";

export function TagNames({ ids }: { ids: readonly string[] }) {
  const { categories } = useTags();
  const names = categories.flatMap((category) => category.tags).filter((tag) => ids.includes(tag.id)).map((tag) => tag.name);
  return names.length > 0 && `: ${names.join(", ")}`;
}
