/** The body map in a dialog of its own, for one photo or many. */
import { useState } from "react";
import { t } from "../i18n";
import { bodySites as texts } from "../i18n/bodySites";
import { Button } from "../ui/Button";
import { CancelButton, Dialog } from "../ui/Dialog";
import { useUnsavedDialog } from "../ui/unsaved";
import { ChosenSite } from "./ChosenSite";
import type { Placed } from "./place";
import { SitePicker } from "./SitePicker";

interface Props {
  /** Of how many photos. */
  amount: number;
  before: Placed | null;
  onClose: () => void;
  onSave: (site: Placed | null) => void;
}

const isSame = (one: Placed | null, other: Placed | null): boolean => one?.code === other?.code && one?.laterality === other?.laterality;

export function SiteDialog({ amount, before, onClose, onSave }: Props) {
  const [value, setValue] = useState(before);
  const unsaved = useUnsavedDialog(!isSame(value, before));
  const actions = (
    <>
      <ChosenSite value={value} onChange={setValue} />
      <CancelButton />
      <Button look="primary" onPress={() => onSave(value)}>
        {t.common.save}
      </Button>
    </>
  );
  return (
    <Dialog title={amount === 1 ? texts.title : texts.titleOf(amount)} isOpen size="xl" onClose={onClose} unsaved={unsaved} isDismissable={false} actions={actions}>
      <SitePicker value={value} onChange={setValue} />
    </Dialog>
  );
}
