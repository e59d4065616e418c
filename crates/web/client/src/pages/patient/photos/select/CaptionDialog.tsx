/** One caption for all photos that are chosen. */
import { useState } from "react";
import { t } from "../../../../i18n/photos";
import { photoDetails as s } from "../../../../i18n/photoDetails";
import { TextField } from "../../../../ui/Field";
import { FormDialog } from "../../../../ui/FormDialog";
import { LONGEST_CAPTION } from "../details/choices";

interface Props {
  amount: number;
  before: string;
  onClose: () => void;
  onSave: (caption: string | null) => void;
}

export function CaptionDialog({ amount, before, onClose, onSave }: Props) {
  const first = amount === 1 ? before : "";
  const [text, setText] = useState(first);
  return (
    <FormDialog title={s.captionTitle(amount)} size="sm" onClose={onClose} isDirty={text !== first} submit={t.common.save} onSubmit={() => onSave(text.trim() === "" ? null : text)}>
      <TextField label={s.caption} value={text} onChange={setText} rows={3} maxLength={LONGEST_CAPTION} autoFocus help={amount > 1 ? s.captionHelp : undefined} />
    </FormDialog>
  );
}
