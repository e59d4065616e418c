/** What can be done with the selected photos of a visit. */
import { type RefObject, useState } from "react";
import type { Image } from "../../../api/types";
import { later } from "../../../app/later";
import { selecting as s } from "../../../i18n/selecting";
import { tags } from "../../../i18n/tags";
import { visits as v } from "../../../i18n/visits";
import { MOST_TAGGED } from "../../../resources/tags";
import { MOST_PUT } from "../../../resources/workspace";
import { SelectFrame } from "../../../select/SelectFrame";
import { HELP } from "../../../select/toggle";
import type { Picked } from "../../../select/useSelection";
import { OF_PHOTOS, toast } from "../../../ui/toasts";

const TagManyDialog = later(() => import("../../../tags/TagManyDialog").then((it) => it.TagManyDialog), { missing: "dialog" });

/** C1: a comparison has so many photos. */
const FEWEST = 2;
const MOST = 16;

interface Props {
  picked: Picked;
  shown: readonly Image[];
  start: RefObject<HTMLElement | null>;
  /** Signed: nothing of it changes any more. */
  isFixed: boolean;
  onAll: () => void;
  onNone: () => void;
  onDone: () => void;
  onRemove: (ids: readonly string[]) => Promise<void>;
  onCompare: (ids: readonly string[]) => void;
}

const FOLDS = ["all", "tag", "remove", "compare"] as const;

export function WorkspaceBar({ picked, shown, start, isFixed, onAll, onNone, onDone, onRemove, onCompare }: Props) {
  const [isTagging, setTagging] = useState(false);
  // In the order in which they are shown.
  const chosen = shown.filter((image) => picked.has(image.id)).map((image) => image.id);
  const amount = chosen.length;
  const hasAll = amount > 0 && amount === shown.length;
  const within = (most: number, act: () => void) => () => {
    if (amount > most) toast(s.photos.tooMany(most), "bad", undefined, OF_PHOTOS);
    else act();
  };
  const compare = () => {
    if (amount < FEWEST || amount > MOST) toast(v.photos.compareRule, "bad", undefined, OF_PHOTOS);
    else onCompare(chosen);
  };
  const changes = [
    { id: "tag", name: tags.bulk.action, isDisabled: amount === 0, act: within(MOST_TAGGED, () => setTagging(true)) },
    { id: "remove", name: v.photos.remove, isDisabled: amount === 0, act: within(MOST_PUT, () => void onRemove(chosen)) },
  ];
  const actions = [
    { id: "all", name: hasAll ? s.none : s.all, act: hasAll ? onNone : onAll },
    { id: "compare", name: v.photos.compare, isDisabled: amount === 0, act: compare },
    ...(isFixed ? [] : changes),
  ];
  return (
    <SelectFrame kind="photos" amount={amount} actions={actions} folds={FOLDS.filter((id) => actions.some((it) => it.id === id))} onDone={onDone} start={start}>
      <p id={HELP} className="visually-hidden">
        {s.help}
      </p>
      {isTagging && <TagManyDialog kind="photos" ids={chosen} onClose={() => setTagging(false)} />}
    </SelectFrame>
  );
}
