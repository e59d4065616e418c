/** The bar of selected patients or visits: what can be done with many of them is to give them tags. */
import { type RefObject, useState } from "react";
import { later } from "../app/later";
import { selecting as s } from "../i18n/selecting";
import { tags } from "../i18n/tags";
import { MOST_TAGGED } from "../resources/tags";
import { toast } from "../ui/toasts";
import { SelectFrame } from "./SelectFrame";
import { HELP } from "./toggle";
import type { Picked } from "./useSelection";

const TagManyDialog = later(() => import("../tags/TagManyDialog").then((it) => it.TagManyDialog), { missing: "dialog" });

interface Props {
  kind: "patients" | "visits";
  picked: Picked;
  shown: readonly { readonly id: string }[];
  /** Whether there may be more than is shown, so that "all" would say too much. */
  isPart: boolean;
  onAll: () => void;
  onNone: () => void;
  onDone: () => void;
  start: RefObject<HTMLElement | null>;
}

const FOLDS = ["all", "tag"] as const;

export function TagBar({ kind, picked, shown, isPart, onAll, onNone, onDone, start }: Props) {
  const [isTagging, setTagging] = useState(false);
  const amount = picked.size;
  const inSight = shown.filter(({ id }) => picked.has(id)).length;
  const hasAll = amount > 0 && inSight === shown.length;
  const tag = () => {
    if (amount > MOST_TAGGED) toast(s[kind].tooMany(MOST_TAGGED), "bad", undefined, kind);
    else setTagging(true);
  };
  const actions = [
    { id: "all", name: hasAll ? s.none : isPart ? s.allShown : s.all, act: hasAll ? onNone : onAll },
    { id: "tag", name: tags.bulk.action, isDisabled: amount === 0, act: tag },
  ];
  return (
    <SelectFrame kind={kind} amount={amount} hidden={amount - inSight} actions={actions} folds={FOLDS} onDone={onDone} start={start}>
      <p id={HELP} className="visually-hidden">
        {s.help}
      </p>
      {isTagging && <TagManyDialog kind={kind} ids={[...picked]} onClose={() => setTagging(false)} />}
    </SelectFrame>
  );
}
