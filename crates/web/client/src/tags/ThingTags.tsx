/** The tags of a patient, a visit or a photo with the button that changes them. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { explain } from "../api/problem";
import type { ShownTag } from "../api/types";
import { later } from "../app/later";
import { tags as texts } from "../i18n/tags";
import { type Tagged, shownTagsQuery } from "../resources/tags";
import { Button } from "../ui/Button";
import { TagChips } from "./TagChips";
import { TagLine } from "./TagLine";
import styles from "./tags.module.css";

const g = texts;
const TagsDialog = later(() => import("./TagsDialog").then((it) => it.TagsDialog), { missing: "dialog" });

interface Props {
  of: Tagged;
  /** What the dialog is called. */
  title: string;
  /** On the dark stage of the viewer. */
  isStage?: boolean;
  /** In one line; what has no room there is one press away. */
  isShort?: boolean;
  /** Only shown: of a visit that is signed (E5). */
  isFixed?: boolean;
}

/** Asks for them itself. */
export function ThingTags({ of, ...rest }: Props) {
  const { data, error } = useQuery(shownTagsQuery(of));
  if (!data) return error ? <p className={styles.source}>{g.notLoaded(explain(error))}</p> : null;
  return <EditableTags of={of} tags={data.tags} {...rest} />;
}

/** With tags that came with what they are of. */
export function EditableTags({ of, tags, title, isStage = false, isShort = false, isFixed = false }: Props & { tags: readonly ShownTag[] }) {
  const [editing, setEditing] = useState(false);
  return (
    <div className={styles.thing} data-stage={isStage || undefined} data-short={isShort || undefined}>
      {isShort ? <TagLine tags={tags} /> : <TagChips tags={tags} />}
      {!isFixed && (
        <Button look="quiet" size="sm" icon="tag" onPress={() => setEditing(true)}>
          {tags.some((tag) => tag.own) ? g.edit : g.addTags}
          <span className="visually-hidden">: {title}</span>
        </Button>
      )}
      {editing && !isFixed && <TagsDialog title={title} of={of} shown={tags} onClose={() => setEditing(false)} />}
    </div>
  );
}
