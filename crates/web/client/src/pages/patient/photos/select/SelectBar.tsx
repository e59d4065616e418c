/** What can be done with the photos that are chosen: at the lower end of the window, in reach of a thumb. Each action can be undone. */
import { type FormEvent, useId, useState } from "react";
import { explain } from "../../../../api/problem";
import type { Image } from "../../../../api/types";
import { later } from "../../../../app/later";
import { t } from "../../../../i18n/photos";
import { MOST_DOWNLOADED } from "../../../../resources/archives";
import { type ImageValues, MOST_TURNED, useChangeImages } from "../../../../resources/images";
import { TagPhotosAction } from "../../../../tags/TagPhotosAction";
import { Button, IconButton } from "../../../../ui/Button";
import { CancelButton, Dialog } from "../../../../ui/Dialog";
import { TextField } from "../../../../ui/Field";
import { toast } from "../../../../ui/toasts";
import { useUnsavedDialog } from "../../../../ui/unsaved";
import styles from "./SelectBar.module.css";
import type { Picked } from "./useSelection";

const DownloadDialog = later(() => import("./DownloadDialog").then((it) => it.DownloadDialog), { missing: "toast" });

const s = t.select;
const MOST_CHANGED = 200;
const STARS = [5, 4, 3, 2, 1, 0] as const;

interface Props {
  patientId: string;
  images: readonly Image[];
  picked: Picked;
  onAll: () => void;
  onDone: () => void;
}

type Asking = "caption" | "rating" | "download" | null;

export function SelectBar({ patientId, images, picked, onAll, onDone }: Props) {
  const [asking, setAsking] = useState<Asking>(null);
  const change = useChangeImages(patientId);
  const chosen = images.filter((image) => picked.has(image.id));
  const isNone = chosen.length === 0;
  const close = () => setAsking(null);
  const apply = (set: ImageValues, said: (amount: number) => string) => {
    const most = set.turnBy === undefined ? MOST_CHANGED : MOST_TURNED;
    if (chosen.length > most) {
      toast(s.tooMany(most), "bad");
      return;
    }
    change.mutate([{ images: chosen.map(({ id }) => ({ id })), set }], {
      onSuccess: ({ undo }) => {
        const back = () => change.mutate(undo, { onSuccess: () => toast(s.undone), onError: (error) => toast(explain(error), "bad") });
        toast(said(chosen.length), "good", undo.length === 0 ? undefined : { label: s.undo, onPress: back });
      },
      onError: (error) => toast(explain(error), "bad"),
    });
    close();
  };
  return (
    <section className={styles.bar} aria-label={s.bar} data-bottom-bar>
      <p role="status" className={styles.count}>
        {s.chosen(chosen.length)}
      </p>
      <div className={styles.actions} role="toolbar" aria-label={s.actions}>
        <Button size="sm" onPress={onAll} isDisabled={chosen.length === images.length}>
          {s.all}
        </Button>
        <Button size="sm" icon="pen" isDisabled={isNone || change.isPending} onPress={() => setAsking("caption")}>
          {s.caption}
        </Button>
        <Button size="sm" icon="check" isDisabled={isNone || change.isPending} onPress={() => setAsking("rating")}>
          {s.rate}
        </Button>
        <IconButton icon="turnLeft" label={s.turnLeft} isDisabled={isNone || change.isPending} onPress={() => apply({ turnBy: 3 }, s.turned)} />
        <IconButton icon="turnRight" label={s.turnRight} isDisabled={isNone || change.isPending} onPress={() => apply({ turnBy: 1 }, s.turned)} />
        <Button
          size="sm"
          icon="download"
          isDisabled={isNone}
          onPress={() => (chosen.length > MOST_DOWNLOADED ? toast(s.tooMany(MOST_DOWNLOADED), "bad") : setAsking("download"))}
        >
          {s.download}
        </Button>
        <TagPhotosAction images={chosen.map(({ id }) => id)} />
        <Button size="sm" look="primary" onPress={onDone}>
          {s.done}
        </Button>
      </div>
      {asking === "caption" && <CaptionDialog amount={chosen.length} before={chosen[0]?.caption ?? ""} onClose={close} onSave={(caption) => apply({ caption }, s.captioned)} />}
      {asking === "download" && <DownloadDialog patientId={patientId} images={chosen.map(({ id }) => id)} onClose={close} />}
      {asking === "rating" && (
        <Dialog title={s.rateTitle(chosen.length)} isOpen size="sm" onClose={close}>
          <div className={styles.stars}>
            {STARS.map((rating) => (
              <Button key={rating} wide onPress={() => apply({ rating }, s.rated)}>
                {s.stars(rating)}
              </Button>
            ))}
          </div>
        </Dialog>
      )}
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
        <TextField label={s.caption} value={text} onChange={setText} rows={3} maxLength={500} autoFocus help={amount > 1 ? s.captionHelp : undefined} />
      </form>
    </Dialog>
  );
}
