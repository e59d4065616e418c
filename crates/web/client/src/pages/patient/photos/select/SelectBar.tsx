/** What can be done with the photos that are chosen: at the lower end of the window, in reach of a thumb. Each action can be undone. */
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { explain, isProblem } from "../../../../api/problem";
import type { Image } from "../../../../api/types";
import { later } from "../../../../app/later";
import { t } from "../../../../i18n/photos";
import { photoDetails as texts } from "../../../../i18n/photoDetails";
import { MOST_DOWNLOADED } from "../../../../resources/archives";
import { type ImageValues, MOST_TURNED, useChangeImages } from "../../../../resources/images";
import { TagPhotosAction } from "../../../../tags/TagPhotosAction";
import { Button, IconButton } from "../../../../ui/Button";
import { CancelButton, Dialog } from "../../../../ui/Dialog";
import { TextField } from "../../../../ui/Field";
import { OF_PHOTOS, toast, type ToastAction, toastPlace } from "../../../../ui/toasts";
import { useUnsavedDialog } from "../../../../ui/unsaved";
import { IMAGE_VIEWS, LONGEST_CAPTION, MODALITIES } from "../details/choices";
import type { Where } from "../order";
import { ChoiceDialog } from "./ChoiceDialog";
import { type Item, MoreMenu } from "./MoreMenu";
import styles from "./SelectBar.module.css";
import type { Picked } from "./useSelection";

const DownloadDialog = later(() => import("./DownloadDialog").then((it) => it.DownloadDialog), { missing: "toast" });
const DateDialog = later(() => import("../details/DateDialog").then((it) => it.DateDialog), { missing: "dialog" });
const SiteDialog = later(() => import("../../../../body/SiteDialog").then((it) => it.SiteDialog), { missing: "dialog" });

const s = texts;
const MOST_CHANGED = 200;
const MOVES = [
  { where: "earlier", keys: "⇧ ←" },
  { where: "later", keys: "⇧ →" },
  { where: "start", keys: "⇧ Home" },
  { where: "end", keys: "⇧ End" },
] as const;
const STARS = [5, 4, 3, 2, 1, 0] as const;

interface Props {
  patientId: string;
  images: readonly Image[];
  picked: Picked;
  onAll: () => void;
  onDone: () => void;
  /** Moves the chosen ones in the manual order; absent while another is shown. */
  onMove: ((where: Where) => void) | undefined;
  /** Whether all photos of the pool are here. */
  isWhole: boolean;
}

/** Below this width of the bar, in `rem`, what is done less often moves into the menu, so that one row is enough on a tablet held upright. */
const ROOMY = 52;

/** Whether all actions have room beside each other. */
function useRoom() {
  const bar = useRef<HTMLElement>(null);
  const [isNarrow, setNarrow] = useState(false);
  useEffect(() => {
    const it = bar.current;
    if (!it || typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(() => setNarrow(it.offsetWidth < ROOMY * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)));
    observer.observe(it);
    return () => observer.disconnect();
  }, []);
  return { bar, isNarrow };
}

type Asking = "caption" | "rating" | "site" | "date" | "view" | "modality" | "download" | null;

const say = (text: string, tone: "good" | "bad" = "good", action?: ToastAction) => toast(text, tone, action, OF_PHOTOS);

/** The value of all of them, or none. */
function common<V>(values: readonly V[]): V | null {
  const [first] = values;
  const written = JSON.stringify(first);
  return first !== undefined && values.every((value) => JSON.stringify(value) === written) ? first : null;
}

export function SelectBar({ patientId, images, picked, onAll, onDone, onMove, isWhole }: Props) {
  const [asking, setAsking] = useState<Asking>(null);
  const { bar, isNarrow } = useRoom();
  const change = useChangeImages(patientId);
  const chosen = images.filter((image) => picked.has(image.id));
  const amount = chosen.length;
  const isIdle = amount === 0 || change.isPending;
  const close = () => setAsking(null);
  const apply = (set: ImageValues, said: (amount: number) => string) => {
    const most = set.turnBy === undefined ? MOST_CHANGED : MOST_TURNED;
    if (amount > most) {
      say(s.tooMany(most), "bad");
      return;
    }
    change.mutate([{ images: chosen.map(({ id }) => ({ id })), set }], {
      onSuccess: ({ undo }) => {
        const changed = undo.reduce((sum, group) => sum + group.images.length, 0);
        // There is nothing to compare where somebody changed a photo in between: their change stays.
        const refused = (error: unknown) => say(isProblem(error, "stale_version") ? s.notUndone : explain(error), "bad");
        const back = () => change.mutate(undo, { onSuccess: () => say(s.undone(said(changed))), onError: refused });
        if (changed === 0) say(s.unchanged);
        else say(said(changed), "good", { label: s.undo, onPress: back });
      },
      onError: (error) => say(explain(error), "bad"),
    });
    close();
  };
  const more: Item[] = [
    ...(isNarrow
      ? ([
          { id: "caption", name: s.caption, act: () => setAsking("caption") },
          { id: "rating", name: s.rate, act: () => setAsking("rating") },
        ] as const)
      : []),
    { id: "date", name: s.date, act: () => setAsking("date") },
    { id: "view", name: s.view, act: () => setAsking("view") },
    { id: "modality", name: s.modality, act: () => setAsking("modality") },
    ...MOVES.flatMap(({ where, keys }) => (onMove && (where !== "end" || isWhole) ? [{ id: where, name: t.photos.moves[where], keys, act: () => onMove(where) }] : [])),
  ];
  return (
    <section ref={bar} className={styles.bar} aria-label={s.bar} data-narrow={isNarrow || undefined}>
      <div ref={toastPlace} className={styles.messages} />
      <p role="status" className={styles.count}>
        {s.chosen(amount)}
      </p>
      <div className={styles.actions} role="toolbar" aria-label={s.actions}>
        <Button size="sm" onPress={onAll} isDisabled={amount === images.length}>
          {s.all}
        </Button>
        <Button size="sm" isDisabled={isIdle} onPress={() => setAsking("site")}>
          {s.site}
        </Button>
        <TagPhotosAction images={chosen.map(({ id }) => id)} />
        {!isNarrow && (
          <>
            <Button size="sm" isDisabled={isIdle} onPress={() => setAsking("caption")}>
              {s.caption}
            </Button>
            <Button size="sm" isDisabled={isIdle} onPress={() => setAsking("rating")}>
              {s.rate}
            </Button>
          </>
        )}
        <IconButton icon="turnLeft" label={s.turnLeft} isDisabled={isIdle} onPress={() => apply({ turnBy: 3 }, s.turned)} />
        <IconButton icon="turnRight" label={s.turnRight} isDisabled={isIdle} onPress={() => apply({ turnBy: 1 }, s.turned)} />
        <Button size="sm" isDisabled={amount === 0} onPress={() => (amount > MOST_DOWNLOADED ? say(s.tooMany(MOST_DOWNLOADED), "bad") : setAsking("download"))}>
          {s.download}
        </Button>
        <MoreMenu items={more} isDisabled={isIdle} />
      </div>
      <div className={styles.end}>
        <Button size="sm" look="primary" onPress={onDone}>
          {s.done}
        </Button>
      </div>
      {asking === "caption" && <CaptionDialog amount={amount} before={chosen[0]?.caption ?? ""} onClose={close} onSave={(caption) => apply({ caption }, s.captioned)} />}
      {asking === "download" && <DownloadDialog patientId={patientId} images={chosen.map(({ id }) => id)} onClose={close} />}
      {asking === "site" && <SiteDialog amount={amount} before={common(chosen.map((image) => image.site))} onClose={close} onSave={(site) => apply({ site }, s.sited)} />}
      {asking === "date" && (
        <DateDialog
          amount={amount}
          before={common(chosen.map((image) => image.capturedAt))}
          hasCamera={chosen.some((image) => image.cameraAt !== image.capturedAt)}
          onClose={close}
          onSave={(capturedAt) => apply({ capturedAt }, s.dated)}
        />
      )}
      {asking === "view" && (
        <ChoiceDialog title={s.viewTitle(amount)} values={[...IMAGE_VIEWS, null]} say={(view) => (view === null ? s.notSet : s.views[view])} onClose={close} onChoose={(view) => apply({ view }, s.viewed)} />
      )}
      {asking === "modality" && (
        <ChoiceDialog title={s.modalityTitle(amount)} values={[...MODALITIES, null]} say={(it) => (it === null ? s.notSet : s.modalities[it])} onClose={close} onChoose={(modality) => apply({ modality }, s.methodChanged)} />
      )}
      {asking === "rating" && <ChoiceDialog title={s.rateTitle(amount)} values={STARS} say={s.stars} onClose={close} onChoose={(rating) => apply({ rating }, s.rated)} />}
    </section>
  );
}

interface CaptionProps {
  amount: number;
  before: string;
  onClose: () => void;
  onSave: (caption: string | null) => void;
}

function CaptionDialog({ amount, before, onClose, onSave }: CaptionProps) {
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
