/** What can be done with the photos that are chosen. Each action can be undone. */
import { type RefObject, useRef, useState } from "react";
import { useLocation } from "wouter";
import { explain, firstMessage, isProblem } from "../../../../api/problem";
import type { Image } from "../../../../api/types";
import { later } from "../../../../app/later";
import { FEWEST, MOST } from "../../../../compare/group";
import { compareImages } from "../../../../compare/opened";
import { named } from "../../../../i18n";
import { t } from "../../../../i18n/photos";
import { photoDetails as s } from "../../../../i18n/photoDetails";
import { selecting } from "../../../../i18n/selecting";
import { tags } from "../../../../i18n/tags";
import { MOST_DOWNLOADED } from "../../../../resources/archives";
import { type ImageValues, MOST_TURNED, useChangeImages } from "../../../../resources/images";
import { MOST_TAGGED } from "../../../../resources/tags";
import type { Item } from "../../../../select/MoreMenu";
import { type Action, SelectFrame } from "../../../../select/SelectFrame";
import type { Picked } from "../../../../select/useSelection";
import { OF_PHOTOS, toast, type ToastAction } from "../../../../ui/toasts";
import { IMAGE_VIEWS, MODALITIES } from "../details/choices";
import type { Where } from "../order";
import { CaptionDialog } from "./CaptionDialog";
import { ChoiceDialog } from "./ChoiceDialog";
import { RatingDialog } from "./RatingDialog";

const DownloadDialog = later(() => import("./DownloadDialog").then((it) => it.DownloadDialog), { missing: "toast" });
const DateDialog = later(() => import("../details/DateDialog").then((it) => it.DateDialog), { missing: "dialog" });
const TagManyDialog = later(() => import("../../../../tags/TagManyDialog").then((it) => it.TagManyDialog), { missing: "dialog" });
const SiteDialog = later(() => import("../../../../body/SiteDialog").then((it) => it.SiteDialog), { missing: "dialog" });

const MOST_CHANGED = 200;
const MOVES = [
  { where: "earlier", keys: "⇧ ←" },
  { where: "later", keys: "⇧ →" },
  { where: "start", keys: "⇧ Home" },
  { where: "end", keys: "⇧ End" },
] as const;

interface Props {
  patientId: string;
  images: readonly Image[];
  picked: Picked;
  onAll: () => void;
  onNone: () => void;
  onDone: () => void;
  /** Moves the chosen ones in the manual order; absent while another is shown. */
  onMove: ((where: Where) => void) | undefined;
  /** Whether all photos of the pool are here. */
  isWhole: boolean;
  start: RefObject<HTMLElement | null>;
}

type Asking = "tag" | "caption" | "rating" | "site" | "date" | "view" | "modality" | "download" | null;

/** Which of them move into the menu first. */
const FOLDS = ["rating", "caption", "download", "tag", "site", "turnLeft", "turnRight", "compare", "all"] as const;

const say = (text: string, tone: "good" | "bad" = "good", action?: ToastAction) => toast(text, tone, action, OF_PHOTOS);

/** The value of all of them; undefined where they differ. */
function common<V>(values: readonly V[]): V | undefined {
  const [first] = values;
  const written = JSON.stringify(first);
  return values.every((value) => JSON.stringify(value) === written) ? first : undefined;
}

export function SelectBar({ patientId, images, picked, onAll, onNone, onDone, onMove, isWhole, start }: Props) {
  const [asking, setAsking] = useState<Asking>(null);
  /** Why what was entered in the dialog was not saved. */
  const [error, setError] = useState<unknown>(null);
  const asked = useRef<Asking>(null);
  const [, go] = useLocation();
  const change = useChangeImages(patientId);
  const chosen = images.filter((image) => picked.has(image.id));
  const amount = chosen.length;
  const hasNone = amount === 0;
  const hasAll = amount === images.length;
  const ask = (what: Asking) => {
    asked.current = what;
    setError(null);
    setAsking(what);
  };
  const close = () => ask(null);
  const apply = (set: ImageValues, said: (amount: number) => string) => {
    // What was typed stays, with the reason beside it, if it is refused.
    const dialog = set.caption !== undefined || set.capturedAt !== undefined ? asked.current : null;
    const isStillOpen = () => dialog !== null && asked.current === dialog;
    // What is pressed keeps the focus, which a disabled button would lose; so it is held back here.
    if (change.isPending) return;
    const most = set.turnBy === undefined ? MOST_CHANGED : MOST_TURNED;
    if (amount > most) {
      say(selecting.photos.tooMany(most), "bad");
      return;
    }
    change.mutate([{ images: chosen.map(({ id }) => ({ id })), set }], {
      onSuccess: ({ undo }) => {
        if (isStillOpen()) close();
        const changed = undo.reduce((sum, group) => sum + group.images.length, 0);
        // There is nothing to compare where somebody changed a photo in between: their change stays.
        const refused = (refusal: unknown) => say(isProblem(refusal, "stale_version") ? s.notUndone : explain(refusal), "bad");
        const back = () => change.mutate(undo, { onSuccess: () => say(s.undone(said(changed))), onError: refused });
        if (changed === 0) say(s.unchanged);
        else say(s.withRest(said(changed), amount - changed), "good", { label: s.undo, onPress: back });
      },
      onError: (refusal) => (isStillOpen() ? setError(refusal) : say(firstMessage(refusal) ?? explain(refusal), "bad")),
    });
    if (dialog === null) close();
  };
  const compare = () => {
    if (amount < FEWEST || amount > MOST) say(s.compareRule(FEWEST, MOST), "bad");
    else compareImages(go, patientId, chosen.map(({ id }) => id));
  };
  const sent = { error, isPending: change.isPending };
  const actions: readonly Action[] = [
    { id: "all", name: hasAll ? selecting.none : selecting.all, act: hasAll ? onNone : onAll },
    { id: "site", name: s.site, isDisabled: hasNone, act: () => ask("site") },
    { id: "compare", name: s.compare, isDisabled: hasNone, act: compare },
    { id: "tag", name: tags.bulk.action, isDisabled: hasNone, act: () => (amount > MOST_TAGGED ? say(selecting.photos.tooMany(MOST_TAGGED), "bad") : ask("tag")) },
    { id: "caption", name: s.caption, isDisabled: hasNone, act: () => ask("caption") },
    { id: "rating", name: s.rate, isDisabled: hasNone, act: () => ask("rating") },
    { id: "turnLeft", name: s.turnLeft, icon: "turnLeft", isDisabled: hasNone, act: () => apply({ turnBy: 3 }, s.turned) },
    { id: "turnRight", name: s.turnRight, icon: "turnRight", isDisabled: hasNone, act: () => apply({ turnBy: 1 }, s.turned) },
    { id: "download", name: s.download, isDisabled: hasNone, act: () => (amount > MOST_DOWNLOADED ? say(selecting.photos.tooMany(MOST_DOWNLOADED), "bad") : ask("download")) },
  ];
  const more: readonly Item[] = [
    { id: "date", name: s.date, isDisabled: hasNone, act: () => ask("date") },
    { id: "view", name: s.view, isDisabled: hasNone, act: () => ask("view") },
    { id: "modality", name: s.modality, isDisabled: hasNone, act: () => ask("modality") },
    ...MOVES.flatMap(({ where, keys }) => (onMove && (where !== "end" || isWhole) ? [{ id: where, name: t.photos.moves[where], keys, isDisabled: hasNone, act: () => onMove(where) }] : [])),
  ];
  return (
    <SelectFrame kind="photos" amount={amount} actions={actions} folds={FOLDS} more={more} onDone={onDone} start={start}>
      {asking === "tag" && <TagManyDialog kind="photos" ids={chosen.map(({ id }) => id)} onClose={close} />}
      {asking === "caption" && <CaptionDialog amount={amount} before={common(chosen.map((image) => image.caption))} {...sent} onClose={close} onSave={(caption) => apply({ caption }, s.captioned)} />}
      {asking === "download" && <DownloadDialog patientId={patientId} images={chosen.map(({ id }) => id)} onClose={close} />}
      {asking === "site" && <SiteDialog amount={amount} before={common(chosen.map((image) => image.site))} onClose={close} onSave={(site) => apply({ site }, s.sited)} />}
      {asking === "date" && (
        <DateDialog
          amount={amount}
          before={common(chosen.map((image) => image.capturedAt))}
          {...sent}
          hasCamera={chosen.some((image) => image.cameraAt !== image.capturedAt)}
          onClose={close}
          onSave={(capturedAt) => apply({ capturedAt }, s.dated)}
        />
      )}
      {asking === "view" && (
        <ChoiceDialog
          title={s.viewTitle(amount)}
          amount={amount}
          before={common(chosen.map((image) => image.view))}
          values={[...IMAGE_VIEWS, null]}
          say={(view) => (view === null ? s.notSet : named(s.views, view))}
          onClose={close}
          onChoose={(view) => apply({ view }, s.viewed)}
        />
      )}
      {asking === "modality" && (
        <ChoiceDialog
          title={s.modalityTitle(amount)}
          amount={amount}
          before={common(chosen.map((image) => image.modality))}
          values={[...MODALITIES, null]}
          say={(it) => (it === null ? s.notSet : named(s.modalities, it))}
          onClose={close}
          onChoose={(modality) => apply({ modality }, s.methodChanged)}
        />
      )}
      {asking === "rating" && <RatingDialog amount={amount} before={common(chosen.map((image) => image.rating)) ?? null} onClose={close} onSave={(rating) => apply({ rating }, (changed) => s.rated(changed, rating))} />}
    </SelectFrame>
  );
}
