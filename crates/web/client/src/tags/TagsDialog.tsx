/** The tags of one patient, visit or photo: chosen by typing, saved together. What comes from elsewhere is shown and stays there. */
import { useState } from "react";
import { explain, fieldMessages } from "../api/problem";
import type { ShownTag } from "../api/types";
import { t } from "../i18n";
import { tags as texts } from "../i18n/tags";
import { type Tagged, useAssignTags } from "../resources/tags";
import { FormDialog } from "../ui/FormDialog";
import { toast } from "../ui/toasts";
import { TagChips } from "./TagChips";
import { TagPicker } from "./TagPicker";
import { useTypedRest } from "./useTypedRest";
import styles from "./tags.module.css";

const g = texts;

/** The server says which of the tags, or that there is no room for one more. */
const refusalOf = (error: unknown): string => Object.values(fieldMessages(error))[0] ?? explain(error);

interface Props {
  title: string;
  of: Tagged;
  /** What it shows now. */
  shown: readonly ShownTag[];
  onClose: () => void;
}

export function TagsDialog({ title, of, shown, onClose }: Props) {
  const [before] = useState(() => shown.filter((tag) => tag.own).map((tag) => tag.id));
  const [chosen, setChosen] = useState<readonly string[]>(before);
  const add = chosen.filter((id) => !before.includes(id));
  const remove = before.filter((id) => !chosen.includes(id));
  const rest = useTypedRest();
  const isDirty = add.length + remove.length > 0 || rest.typed !== "";
  const save = useAssignTags(() => toast(g.saved));
  const inherited = shown.filter((tag) => !tag.own);
  const submit = () => {
    if (rest.refuses()) return undefined;
    if (!isDirty) return onClose();
    const { patientId, entryId, imageId } = of;
    const on = entryId ? { entries: [entryId] } : imageId ? { images: [imageId] } : { patients: [patientId] };
    // Given here, it is called only while this dialog is open.
    return save.mutate({ add, remove, ...on }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={title}
      onClose={onClose}
      isDirty={isDirty}
      submit={t.common.save}
      submitting={t.common.saving}
      isPending={save.isPending}
      error={save.error}
      problem={refusalOf(save.error)}
      onSubmit={submit}
      tries={rest.tries}
    >
      <TagPicker
        label={g.add}
        autoFocus
        onTyped={rest.onTyped}
        error={rest.error}
        chosen={chosen}
        onChange={(next) => {
          setChosen(next);
          if (save.isError) save.reset();
        }}
      />
      {inherited.length > 0 && (
        <div className={styles.inherited}>
          <p>{g.inherited}</p>
          <TagChips tags={inherited} label={g.inherited} />
        </div>
      )}
    </FormDialog>
  );
}
