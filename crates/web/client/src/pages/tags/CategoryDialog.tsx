import { useState } from "react";
import { fieldMessages } from "../../api/problem";
import type { TagCategoryWithTags, TagColour } from "../../api/types";
import { t } from "../../i18n";
import { tags as texts } from "../../i18n/tags";
import { useChangeCategory, useCreateCategory, useDeleteCategory } from "../../resources/tags";
import { TagDot } from "../../tags/TagChips";
import { Button } from "../../ui/Button";
import { ConfirmDialog, FormDialog } from "../../ui/FormDialog";
import { toast } from "../../ui/toasts";
import { NameField } from "./NameField";
import styles from "./TagsPage.module.css";

const p = texts.page;
const COLOURS = Object.keys(p.colours) as TagColour[];

interface Props {
  /** The category to be edited; null for a new one. */
  category: TagCategoryWithTags | null;
  onClose: () => void;
  onDelete: (category: TagCategoryWithTags) => void;
}

export function CategoryDialog({ category, onClose, onDelete }: Props) {
  const [name, setName] = useState(category?.name ?? "");
  const [colour, setColour] = useState<TagColour>(category?.colour ?? "teal");
  const [tried, setTried] = useState(false);
  const isDirty = name !== (category?.name ?? "") || (category !== null && colour !== category.colour);
  const saved = () => toast(p.categorySaved(name.trim()));
  const create = useCreateCategory(saved);
  const change = useChangeCategory(saved);
  const save = category ? change : create;
  const messages = fieldMessages(save.error);
  const submit = () => {
    setTried(true);
    if (name.trim() === "") return;
    // Given here, it is called only while this dialog is open.
    const then = { onSuccess: onClose };
    if (category) change.mutate({ id: category.id, patch: { name, colour } }, then);
    else create.mutate({ name, colour }, then);
  };
  return (
    <FormDialog
      title={category ? p.editCategory : p.newCategory}
      onClose={onClose}
      isDirty={isDirty}
      actions={
        category &&
        category.tags.length === 0 && (
          <Button look="quiet" icon="trash" onPress={() => onDelete(category)}>
            {p.deleteCategory}
          </Button>
        )
      }
      submit={t.common.save}
      submitting={t.common.saving}
      isPending={save.isPending}
      error={save.error}
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
      <fieldset className={styles.colours}>
        <legend>{p.colour}</legend>
        <div>
          {COLOURS.map((it) => (
            <label key={it} className={styles.colour} data-selected={it === colour || undefined}>
              <input type="radio" name="colour" value={it} checked={it === colour} onChange={() => setColour(it)} />
              <TagDot colour={it} />
              {p.colours[it]}
            </label>
          ))}
        </div>
      </fieldset>
    </FormDialog>
  );
}

export function DeleteCategoryDialog({ category, onClose }: { category: TagCategoryWithTags; onClose: () => void }) {
  const remove = useDeleteCategory(() => toast(p.categoryDeleted(category.name)));
  return (
    <ConfirmDialog title={p.deleteCategoryTitle(category.name)} onClose={onClose} submit={p.deleteCategory} isPending={remove.isPending} error={remove.error} onConfirm={() => remove.mutate(category.id, { onSuccess: onClose })}>
      <p>{p.deleteCategoryText}</p>
    </ConfirmDialog>
  );
}
