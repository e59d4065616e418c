import { type FormEvent, useId, useState } from "react";
import { explain, fieldMessages } from "../../api/problem";
import type { TagCategoryWithTags, TagColour } from "../../api/types";
import { t } from "../../i18n";
import { tags as texts } from "../../i18n/tags";
import { useChangeCategory, useCreateCategory, useDeleteCategory } from "../../resources/tags";
import { TagDot } from "../../tags/TagChips";
import { Button } from "../../ui/Button";
import { CancelButton, Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { FormProblem } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { useUnsavedDialog } from "../../ui/unsaved";
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
  const formId = useId();
  const [name, setName] = useState(category?.name ?? "");
  const [colour, setColour] = useState<TagColour>(category?.colour ?? "teal");
  const [tried, setTried] = useState(false);
  const unsaved = useUnsavedDialog(name !== (category?.name ?? "") || (category !== null && colour !== category.colour));
  const saved = () => toast(p.categorySaved(name.trim()));
  const create = useCreateCategory(saved);
  const change = useChangeCategory(saved);
  const save = category ? change : create;
  const messages = fieldMessages(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === "") return;
    // Given here, it is called only while this dialog is open.
    const then = { onSuccess: onClose };
    if (category) change.mutate({ id: category.id, patch: { name, colour } }, then);
    else create.mutate({ name, colour }, then);
  };
  return (
    <Dialog
      title={category ? p.editCategory : p.newCategory}
      isOpen
      onClose={onClose}
      isDismissable={false}
      unsaved={unsaved}
      actions={
        <>
          {category && category.tags.length === 0 && (
            <Button look="quiet" icon="trash" onPress={() => onDelete(category)}>
              {p.deleteCategory}
            </Button>
          )}
          <CancelButton />
          <Button look="primary" type="submit" form={formId} isPending={save.isPending}>
            {save.isPending ? t.common.saving : t.common.save}
          </Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={submit} className={styles.form}>
        <TextField
          label={p.name}
          isRequired
          autoFocus
          autoComplete="off"
          value={name}
          onChange={(next) => {
            setName(next);
            if (save.isError) save.reset();
          }}
          error={messages.name ?? (tried && name.trim() === "" ? p.nameNeeded : undefined)}
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
        <FormProblem error={save.error} {...(Object.keys(messages).length > 0 ? { title: t.problem.formHasErrors } : {})} />
      </form>
    </Dialog>
  );
}

export function DeleteCategoryDialog({ category, onClose }: { category: TagCategoryWithTags; onClose: () => void }) {
  const remove = useDeleteCategory(() => toast(p.categoryDeleted(category.name)));
  return (
    <Dialog
      role="alertdialog"
      size="sm"
      title={p.deleteCategoryTitle(category.name)}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button look="danger" isPending={remove.isPending} onPress={() => remove.mutate(category.id, { onSuccess: onClose })}>
            {p.deleteCategory}
          </Button>
        </>
      }
    >
      <p>{p.deleteCategoryText}</p>
      <FormProblem error={remove.error} title={explain(remove.error)} />
    </Dialog>
  );
}
