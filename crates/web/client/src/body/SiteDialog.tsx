/** The body map in a dialog of its own, for one photo or many. */
import { useRef, useState } from "react";
import { t } from "../i18n";
import { bodySites as texts } from "../i18n/bodySites";
import { Button } from "../ui/Button";
import { CancelButton, Dialog } from "../ui/Dialog";
import { useUnsavedDialog } from "../ui/unsaved";
import { ChosenSite } from "./ChosenSite";
import { lacksSide } from "./place";
import type { Chosen, Placed } from "./place";
import { SitePicker } from "./SitePicker";

interface Props {
  /** Of how many photos. */
  amount: number;
  /** Where they differ, nothing is saved until a site was chosen, or none. */
  before: Chosen;
  onClose: () => void;
  onSave: (site: Placed | null) => void;
}

const isSame = (one: Chosen, other: Chosen): boolean => (one === null) === (other === null) && one?.code === other?.code && one?.laterality === other?.laterality;

export function SiteDialog({ amount, before, onClose, onSave }: Props) {
  const [start] = useState(before);
  const [value, setValue] = useState(start);
  /** Of which site it was said that its side is not stated. */
  const [unstated, setUnstated] = useState(start && lacksSide(start) ? start.code : null);
  const [isAsked, setAsked] = useState(false);
  const sides = useRef<HTMLFieldSetElement>(null);
  const isOpen = value !== undefined && value !== null && lacksSide(value) && unstated !== value.code;
  const unsaved = useUnsavedDialog(!isSame(value, start));
  const save = () => {
    if (value === undefined) return;
    if (!isOpen) {
      onSave(value);
      return;
    }
    setAsked(true);
    sides.current?.querySelector("input")?.focus();
  };
  const actions = (
    <>
      <ChosenSite
        value={value}
        sides={sides}
        question={isOpen ? (isAsked ? "asked" : "open") : null}
        onChange={(next) => {
          setUnstated(lacksSide(next) ? next.code : null);
          setValue(next);
        }}
      />
      <CancelButton />
      <Button look="primary" isDisabled={value === undefined} onPress={save}>
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
