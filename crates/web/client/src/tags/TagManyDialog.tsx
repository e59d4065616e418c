/** Tags of many photos, patients or visits at once, for the bar of what is selected: what they have can be removed from all, what is chosen is given to all. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { explain, fieldMessages } from "../api/problem";
import type { TagAssignmentDone } from "../api/types";
import { t } from "../i18n";
import { tags as texts } from "../i18n/tags";
import { selectedTagsQuery, TAGGED, type TaggedKind, useAssignTags, useUndoAssignment } from "../resources/tags";
import { Button } from "../ui/Button";
import { FormDialog } from "../ui/FormDialog";
import { Failed, Skeleton } from "../ui/parts";
import { toast, type ToastAction } from "../ui/toasts";
import { TagDot } from "./TagChips";
import { TagPicker } from "./TagPicker";
import { useTypedRest } from "./useTypedRest";
import styles from "./tags.module.css";

const g = texts;
const b = g.bulk;

/** How many of them were changed. */
const amountOf = ({ added, removed }: TagAssignmentDone, kind: TaggedKind): number => new Set([...added, ...removed].flatMap((change) => change[TAGGED[kind]])).size;

interface Props {
  kind: TaggedKind;
  /** Of what is selected, of one patient or of several. */
  ids: readonly string[];
  onClose: () => void;
}

function changeOf(done: TagAssignmentDone, kind: TaggedKind, selected: number): string {
  // One that changed nothing anywhere is not spoken of.
  const [given, taken] = [done.added, done.removed].map((changes) => changes.filter((change) => change[TAGGED[kind]].length > 0).length);
  const amount = amountOf(done, kind);
  const rest = selected - amount;
  if (given && !taken) return b[kind].added(given, amount, rest);
  return taken && !given ? b[kind].removed(taken, amount, rest) : b[kind].done(amount, rest);
}

export function TagManyDialog({ kind, ids, onClose }: Props) {
  // What is selected may change behind the dialog; this is about what was selected when it was opened.
  const [selected] = useState(() => [...ids]);
  const things = { [TAGGED[kind]]: selected };
  const say = (text: string, tone: "good" | "bad" = "good", action?: ToastAction) => toast(text, tone, action, kind);
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const rest = useTypedRest();
  const present = useQuery(selectedTagsQuery(things));
  const undo = useUndoAssignment(
    (done) => say(b[kind].undone(amountOf(done, kind))),
    (error) => say(explain(error), "bad"),
  );
  const assign = useAssignTags((done) => {
    if (amountOf(done, kind) === 0) say(b.nothing);
    else say(changeOf(done, kind, selected.length), "good", { label: b.undo, onPress: () => undo.mutate(done) });
  });
  const submit = () => {
    if (rest.refuses()) return;
    const given = add.filter((id) => !remove.includes(id));
    if (given.length + remove.length === 0) onClose();
    else assign.mutate({ add: given, remove, ...things }, { onSuccess: onClose });
  };
  const turn = (id: string) => setRemove((old) => (old.includes(id) ? old.filter((it) => it !== id) : [...old, id]));
  return (
    <FormDialog
      title={b[kind].title(selected.length)}
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
          <p>{b[kind].present}</p>
          <ul className={styles.partly} aria-label={b[kind].present}>
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
