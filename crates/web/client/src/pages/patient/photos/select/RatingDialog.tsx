/** Stars for all photos that are chosen, beginning with those that all of them have. */
import { type FormEvent, useId, useState } from "react";
import { t } from "../../../../i18n/photos";
import { photoDetails as s } from "../../../../i18n/photoDetails";
import { Button } from "../../../../ui/Button";
import { CancelButton, Dialog } from "../../../../ui/Dialog";
import { useUnsavedDialog } from "../../../../ui/unsaved";
import { Stars } from "../details/Stars";

interface Props {
  amount: number;
  /** Null where they differ. */
  before: number | null;
  onClose: () => void;
  onSave: (stars: number) => void;
}

export function RatingDialog({ amount, before, onClose, onSave }: Props) {
  const form = useId();
  const [stars, setStars] = useState(before);
  const unsaved = useUnsavedDialog(stars !== before);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (stars !== null) onSave(stars);
  };
  const actions = (
    <>
      <CancelButton />
      <Button look="primary" type="submit" form={form} isDisabled={stars === null}>
        {t.common.save}
      </Button>
    </>
  );
  return (
    <Dialog title={s.rateTitle(amount)} isOpen size="sm" onClose={onClose} unsaved={unsaved} isDismissable={false} actions={actions}>
      <form id={form} onSubmit={save}>
        <Stars value={stars} onChange={setStars} autoFocus help={before === null ? s.ratingsDiffer : amount > 1 ? s.ratingOfAll(s.stars(before)) : undefined} />
      </form>
    </Dialog>
  );
}
