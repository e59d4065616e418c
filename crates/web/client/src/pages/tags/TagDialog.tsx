import { useState } from "react";
import { fieldMessages } from "../../api/problem";
import type { Tag, TagCategoryWithTags, TagPatch } from "../../api/types";
import { t } from "../../i18n";
import { tags as texts } from "../../i18n/tags";
import { useChangeTag, useCreateTag, useDeleteTag, useMergeTags } from "../../resources/tags";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Field";
import { ConfirmDialog, FormDialog } from "../../ui/FormDialog";
import { toast } from "../../ui/toasts";
import { allOptions, sameName } from "../../tags/match";
import { TagPicker } from "../../tags/TagPicker";
import { useTypedRest } from "../../tags/useTypedRest";
import { NameField } from "./NameField";
import { usesLong } from "./uses";
import styles from "./TagsPage.module.css";

const p = texts.page;

interface Props {
  /** The tag to be edited; null for a new one. */
  tag: Tag | null;
  category: TagCategoryWithTags;
  categories: readonly TagCategoryWithTags[];
  onClose: () => void;
}

/** A tag's name and category; below them what else can be done with it, each asked for again. */
export function TagDialog({ tag, category, categories, onClose }: Props) {
  const [name, setName] = useState(tag?.name ?? "");
  const [categoryId, setCategoryId] = useState(category.id);
  const [tried, setTried] = useState(false);
  const [asking, setAsking] = useState<"merge" | "delete" | null>(null);
  /** The tag that is proposed to be merged into. */
  const [into, setInto] = useState("");
  const isDirty = name !== (tag?.name ?? "") || categoryId !== category.id;
  const saved = (it: Tag) => toast(p.tagSaved(it.name));
  const create = useCreateTag(saved);
  const change = useChangeTag(saved);
  const archive = useChangeTag((it) => toast(it.archived ? p.archivedToast(it.name) : p.restored(it.name)));
  const save = tag ? change : create;
  const messages = fieldMessages(save.error);
  const submit = () => {
    setTried(true);
    if (name.trim() === "") return undefined;
    // Given here, it is called only while this dialog is open.
    const then = { onSuccess: onClose };
    if (!tag) return create.mutate({ categoryId, name }, then);
    const patch: TagPatch = { ...(name === tag.name ? {} : { name }), ...(categoryId === tag.categoryId ? {} : { categoryId }) };
    return Object.keys(patch).length === 0 ? onClose() : change.mutate({ id: tag.id, patch }, then);
  };
  // Whoever gives one tag the name of another may want one of the two.
  const twin = tag && messages.name ? categories.find((it) => it.id === categoryId)?.tags.find((it) => it.id !== tag.id && sameName(it.name, name)) : undefined;
  const mergeInto = (other: Tag) => {
    setInto(other.id);
    setName(tag?.name ?? "");
    setCategoryId(category.id);
    setAsking("merge");
  };
  if (tag && asking === "delete") return <DeleteTagDialog tag={tag} onClose={onClose} />;
  if (tag && asking === "merge") return <MergeDialog tag={tag} categories={categories} proposed={into} onClose={onClose} />;
  return (
    <FormDialog
      title={tag ? p.editTag : p.newTag}
      onClose={onClose}
      isDirty={isDirty}
      submit={t.common.save}
      submitting={t.common.saving}
      isPending={save.isPending}
      error={save.error ?? archive.error}
      problem={Object.keys(messages).length > 0 ? t.problem.formHasErrors : undefined}
      onSubmit={submit}
    >
      <NameField
        value={name}
        onChange={(next) => {
          setName(next);
          if (save.isError) save.reset();
        }}
        error={messages.name}
        isTried={tried}
      />
      {twin && (
        <div className={styles.twin}>
          <p role="status">{p.mergeOffer}</p>
          <Button size="sm" onPress={() => mergeInto(twin)}>
            {p.mergeWith(twin.name)}
          </Button>
        </div>
      )}
      <Select label={p.category} value={categoryId} onChange={setCategoryId} options={categories.map((it) => ({ value: it.id, label: it.name }))} error={messages.categoryId} />
      {tag && (
        <div className={styles.more}>
          <p className={styles.usage}>{usesLong(tag)}</p>
          <Button look="quiet" isPending={archive.isPending} onPress={() => archive.mutate({ id: tag.id, patch: { archived: !tag.archived } }, { onSuccess: onClose })}>
            {tag.archived ? p.restore : p.archive}
          </Button>
          {!tag.archived && <p className={styles.help}>{p.archiveHelp}</p>}
          <Button look="quiet" onPress={() => setAsking("merge")}>
            {p.merge}
          </Button>
          <Button look="quiet" icon="trash" onPress={() => setAsking("delete")}>
            {p.delete}
          </Button>
        </div>
      )}
    </FormDialog>
  );
}

function DeleteTagDialog({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const remove = useDeleteTag(() => toast(p.deleted(tag.name)));
  return (
    <ConfirmDialog title={p.deleteTitle(tag.name)} onClose={onClose} submit={p.delete} isPending={remove.isPending} error={remove.error} onConfirm={() => remove.mutate(tag.id, { onSuccess: onClose })}>
      <p>{p.deleteText(usesLong(tag))}</p>
    </ConfirmDialog>
  );
}

function MergeDialog({ tag, categories, proposed, onClose }: Pick<Props, "categories" | "onClose"> & { tag: Tag; proposed: string }) {
  const [into, setInto] = useState(proposed);
  const [tries, setTries] = useState(0);
  const rest = useTypedRest(texts.notChosen);
  const other = allOptions(categories).find((it) => it.tag.id === into)?.tag.name;
  const merge = useMergeTags((kept) => toast(p.merged(tag.name, kept.name)));
  const submit = () => {
    setTries(tries + 1);
    if (!rest.refuses() && into !== "") merge.mutate({ into, from: [tag.id] }, { onSuccess: onClose });
  };
  return (
    <FormDialog title={p.mergeTitle(tag.name)} onClose={onClose} isDismissable submit={p.mergeDo} look="danger" isPending={merge.isPending} error={merge.error} onSubmit={submit} tries={tries}>
      <TagPicker
        label={p.mergeInto}
        use="one"
        autoFocus
        without={tag.id}
        chosen={into === "" ? [] : [into]}
        onChange={(next) => setInto(next[0] ?? "")}
        onTyped={rest.onTyped}
        error={rest.error ?? (tries > 0 && into === "" ? p.mergeNeeded : undefined)}
      />
      <p>{p.mergeText(tag.name, usesLong(tag), other)}</p>
    </FormDialog>
  );
}
