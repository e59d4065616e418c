/** One caption for all photos that are chosen. */
import { useState } from "react";
import { firstMessage } from "../../../../api/problem";
import { t } from "../../../../i18n/photos";
import { photoDetails as s } from "../../../../i18n/photoDetails";
import { Button } from "../../../../ui/Button";
import { TextField } from "../../../../ui/Field";
import { FormDialog } from "../../../../ui/FormDialog";
import { LONGEST_CAPTION } from "../details/choices";

interface Props {
  amount: number;
  /** What all of them have; undefined where they differ: then nothing is saved until a caption was typed, or they are removed. */
  before: string | null | undefined;
  onClose: () => void;
  onSave: (caption: string | null) => void;
  isPending: boolean;
  error: unknown;
}

export function CaptionDialog({ amount, before, onClose, onSave, isPending, error }: Props) {
  const [start] = useState(before);
  const first = start ?? "";
  const [text, setText] = useState(first);
  const differs = start === undefined;
  const isBlank = text.trim() === "";
  return (
    <FormDialog title={s.captionTitle(amount)} size="sm" onClose={onClose} isDirty={text !== first} submit={t.common.save} isPending={isPending} isDisabled={differs && isBlank} error={error} onSubmit={() => onSave(isBlank ? null : text)}>
      <TextField label={s.caption} value={text} onChange={setText} rows={3} maxLength={LONGEST_CAPTION} autoFocus error={firstMessage(error)} help={differs ? s.captionsDiffer : amount > 1 ? s.captionHelp : undefined} />
      {differs && (
        <Button look="quiet" icon="close" onPress={() => onSave(null)}>
          {s.removeCaptions}
        </Button>
      )}
    </FormDialog>
  );
}
