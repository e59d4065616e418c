/** A text that ends with the names of tags; one that is gone has none, and is on nobody. */
import type { ReactNode } from "react";
import { useTags } from "../../resources/tags";

interface Props {
  text: string;
  ids: readonly string[];
  children: (text: string) => ReactNode;
}

export function WithTagNames({ text, ids, children }: Props) {
  const { categories } = useTags();
  const names = categories.flatMap((category) => category.tags).filter((tag) => ids.includes(tag.id)).map((tag) => tag.name);
  return children(names.length > 0 ? `${text}: ${names.join(", ")}` : text);
}
