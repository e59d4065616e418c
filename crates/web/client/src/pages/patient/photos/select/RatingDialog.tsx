/** Stars for all photos that are chosen, beginning with those that all of them have. */
import { useState } from "react";
import { t } from "../../../../i18n/photos";
import { photoDetails as s } from "../../../../i18n/photoDetails";
import { FormDialog } from "../../../../ui/FormDialog";
import { Stars } from "../details/Stars";

interface Props {
  amount: number;
  /** Null where they differ. */
  before: number | null;
  onClose: () => void;
  onSave: (stars: number) => void;
}

export function RatingDialog({ amount, before, onClose, onSave }: Props) {
  const [stars, setStars] = useState(before);
  const save = () => {
    if (stars !== null) onSave(stars);
  };
  return (
    <FormDialog title={s.rateTitle(amount)} size="sm" onClose={onClose} isDirty={stars !== before} submit={t.common.save} isDisabled={stars === null} onSubmit={save}>
      <Stars value={stars} onChange={setStars} autoFocus help={before === null ? s.ratingsDiffer : amount > 1 ? s.nowForAll(s.stars(before)) : undefined} />
    </FormDialog>
  );
}
