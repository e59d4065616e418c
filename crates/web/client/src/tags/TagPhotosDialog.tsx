/** Tags of many photos at once, for the bar of the select mode: what they have can be removed from all, what is chosen is given to all. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { explain, fieldMessages } from "../api/problem";
import type { TagAssignmentDone } from "../api/types";
import { t } from "../i18n";
import { tags as texts } from "../i18n/tags";
import { selectedTagsQuery, useAssignTags, useUndoAssignment } from "../resources/tags";
import { Button } from "../ui/Button";
import { FormDialog } from "../ui/FormDialog";
import { Failed, Skeleton } from "../ui/parts";
import { OF_PHOTOS, toast } from "../ui/toasts";
import { TagDot } from "./TagChips";
import { TagPicker } from "./TagPicker";
import { useTypedRest } from "./useTypedRest";
import styles from "./tags.module.css";

const g = texts;
const b = g.bulk;

/** The server takes so many at once, all or nothing. */
export const MOST_TAGGED = 500;

const photosOf = ({ added, removed }: TagAssignmentDone): number => new Set([...added, ...removed].flatMap((change) => change.images)).size;

interface Props {
  /** Ids of the selected photos, of one patient or of several. */
  images: readonly string[];
  onClose: () => void;
}

function changeOf(done: TagAssignmentDone, selected: number): string {
  // One that changed nothing on any photo is not spoken of.
  const [given, taken] = [done.added, done.removed].map((changes) => changes.filter((change) => change.images.length > 0).length);
  const amount = photosOf(done);
  const rest = selected - amount;
  if (given && !taken) return b.added(given, amount, rest);
  return taken && !given ? b.removed(taken, amount, rest) : b.done(amount, rest);
}

export function TagPhotosDialog({ images, onClose }: Props) {
  // What is selected may change behind the dialog; this is about what was selected when it was opened.
  const [selected] = useState(() => [...images]);
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const rest = useTypedRest();
  const present = useQuery(selectedTagsQuery({ images: selected }));
  const undo = useUndoAssignment(
    (done) => toast(b.undone(photosOf(done)), "good", undefined, OF_PHOTOS),
    (error) => toast(explain(error), "bad", undefined, OF_PHOTOS),
  );
  const assign = useAssignTags((done) => {
    const changed = photosOf(done);
    if (changed === 0) toast(b.nothing, "good", undefined, OF_PHOTOS);
    else toast(changeOf(done, selected.length), "good", { label: b.undo, onPress: () => undo.mutate(done) }, OF_PHOTOS);
  });
  const submit = () => {
    if (rest.refuses()) return;
    const given = add.filter((id) => !remove.includes(id));
    if (given.length + remove.length === 0) onClose();
    else assign.mutate({ add: given, remove, images: selected }, { onSuccess: onClose });
  };
  const turn = (id: string) => setRemove((old) => (old.includes(id) ? old.filter((it) => it !== id) : [...old, id]));
  return (
    <FormDialog
      title={b.title(selected.length)}
      onClose={onClose}
      isDirty={add.length + remove.length > 0 || rest.typed !== ""}
      submit={t.common.save}
      submitting={t.common.saving}
      isPending={assign.isPending}
      error={assign.error}
      problem={Object.values(fieldMessages(assign.error))[0]}
      onSubmit={submit}
      tries={rest.tries}
    >
      <TagPicker label={g.add} autoFocus chosen={add} onChange={setAdd} onTyped={rest.onTyped} error={rest.error} />
      {present.isPending && <Skeleton rows={1} />}
      {present.isError && <Failed error={present.error} onRetry={() => void present.refetch()} />}
      {present.data && present.data.tags.length > 0 && (
        <div className={styles.inherited}>
          <p>{b.present}</p>
          <ul className={styles.partly} aria-label={b.present}>
            {present.data.tags.map((tag) => {
              const isGone = remove.includes(tag.id);
              return (
                <li key={tag.id} data-gone={isGone || undefined}>
                  <TagDot colour={tag.colour} />
                  <span className={styles.name}>{tag.name}</span>
                  <span className={styles.source}>{b.onSome(tag.count, selected.length)}</span>
                  <Button size="sm" look="quiet" onPress={() => turn(tag.id)}>
                    {isGone ? b.keep(tag.name) : b.remove(tag.name)}
                  </Button>
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </FormDialog>
  );
}
