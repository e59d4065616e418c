/** One caption for all photos that are chosen. */
import { type FormEvent, useId, useState } from "react";
import { t } from "../../../../i18n/photos";
import { photoDetails as s } from "../../../../i18n/photoDetails";
import { Button } from "../../../../ui/Button";
import { CancelButton, Dialog } from "../../../../ui/Dialog";
import { TextField } from "../../../../ui/Field";
import { useUnsavedDialog } from "../../../../ui/unsaved";
import { LONGEST_CAPTION } from "../details/choices";

interface Props {
  amount: number;
  before: string;
  onClose: () => void;
  onSave: (caption: string | null) => void;
}

export function CaptionDialog({ amount, before, onClose, onSave }: Props) {
  const form = useId();
  const first = amount === 1 ? before : "";
  const [text, setText] = useState(first);
  const unsaved = useUnsavedDialog(text !== first);
  const save = (event: FormEvent) => {
    event.preventDefault();
    onSave(text.trim() === "" ? null : text);
  };
  const actions = (
    <>
      <CancelButton />
      <Button look="primary" type="submit" form={form}>
        {t.common.save}
      </Button>
    </>
  );
  return (
    <Dialog title={s.captionTitle(amount)} isOpen size="sm" onClose={onClose} unsaved={unsaved} isDismissable={false} actions={actions}>
      <form id={form} onSubmit={save}>
        <TextField label={s.caption} value={text} onChange={setText} rows={3} maxLength={LONGEST_CAPTION} autoFocus help={amount > 1 ? s.captionHelp : undefined} />
      </form>
    </Dialog>
  );
}
