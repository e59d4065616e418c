/** The photos that were taken, newest first, each with how it stands; one is looked at large, and discarded while it is not sent. */
import { useCallback, useEffect, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { t } from "../i18n";
import { camera as c } from "../i18n/camera";
import { imageUrl } from "../resources/images";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Icon, type IconName } from "../ui/icons";
import { asking } from "../ui/unsaved";
import { uploads } from "../upload/manager";
import { Preview } from "../upload/Preview";
import type { Item } from "../upload/queue";
import { duplicateWords, storedWords } from "../upload/words";
import styles from "./camera.module.css";
import { isDiscardable, type StripShot } from "./useStrip";

interface Props {
  patientId: string;
  shots: readonly StripShot[];
  onDiscard: (shot: StripShot) => void;
  /** After a photo was looked at. */
  onClosed: () => void;
}

/** How a photo stands, in words. */
export function wordsFor(item: Item | null): string {
  if (!item) return c.taking;
  const { state } = item;
  switch (state.kind) {
    case "waiting":
    case "backoff":
      return t.upload.waiting;
    case "sending":
      return state.sent >= item.size ? t.upload.processing : t.upload.sending(Math.floor((state.sent / Math.max(1, item.size)) * 100));
    case "held":
      return state.cause === "consent" ? t.upload.heldConsent : t.upload.heldSession;
    case "stored":
      return storedWords(state.remarks);
    case "duplicate":
      return duplicateWords(state.remarks);
    case "refused":
      return `${t.upload.refused}: ${state.reason.message}`;
    case "failed":
      return `${t.upload.failed}: ${state.message}`;
  }
}

const SIGNS: Readonly<Record<Item["state"]["kind"], IconName>> = {
  waiting: "upload",
  backoff: "offline",
  sending: "upload",
  held: "consent",
  stored: "check",
  duplicate: "copy",
  refused: "warn",
  failed: "warn",
};

export function ShotStrip({ patientId, shots, onDiscard, onClosed }: Props) {
  const [open, setOpen] = useState<string | null>(null);
  const shot = shots.find((it) => it.key === open || it.item?.id === open);
  const wasOpen = useRef(false);
  useEffect(() => {
    // Before react-aria gives the focus to the photo, where the space bar would open it again.
    if (wasOpen.current && open === null) onClosed();
    wasOpen.current = open !== null;
  }, [open, onClosed]);
  return (
    <>
      <ul className={styles.strip} aria-label={c.strip} data-empty={shots.length === 0 || undefined}>
        {shots.map((it) => {
          const kind = it.item?.state.kind ?? "taking";
          return (
            <li key={it.key}>
              <AriaButton className={styles.shot ?? ""} data-kind={kind} aria-label={c.photo(it.number, wordsFor(it.item))} onPress={() => setOpen(it.key)} isDisabled={it.item === null}>
                {it.item && <Preview item={it.item} />}
                {it.item && (
                  <span className={styles.sign}>
                    <Icon name={SIGNS[it.item.state.kind]} size={13} />
                  </span>
                )}
              </AriaButton>
            </li>
          );
        })}
      </ul>
      {shot?.item && (
        <Large
          patientId={patientId}
          shot={shot}
          item={shot.item}
          onClose={() => setOpen(null)}
          onDiscard={() => {
            setOpen(null);
            onDiscard(shot);
          }}
        />
      )}
    </>
  );
}

function Large({ patientId, shot, item, onClose, onDiscard }: { patientId: string; shot: StripShot; item: Item; onClose: () => void; onDiscard: () => void }) {
  const discard = async () => {
    const { discardTitle: title, discardText: text, discard: yes, discardNo: no } = c;
    if (await asking({ title, text, yes, no })) onDiscard();
  };
  return (
    <Dialog
      title={c.look(shot.number)}
      isOpen
      size="lg"
      onClose={onClose}
      actions={
        <>
          {item.state.kind === "failed" && (
            <Button icon="refresh" onPress={() => uploads.retry([item.id])}>
              {c.sendAgain}
            </Button>
          )}
          {isDiscardable(shot) && (
            <Button look="danger" icon="trash" onPress={() => void discard()}>
              {c.discard}
            </Button>
          )}
          <Button look="primary" onPress={onClose}>
            {t.common.close}
          </Button>
        </>
      }
    >
      <div className={styles.large}>
        <Photo patientId={patientId} shot={shot} item={item} />
        <p role="status">{wordsFor(item)}</p>
      </div>
    </Dialog>
  );
}

/** The photo itself while it is here, else the server's, else what this device has drawn of it. */
function Photo({ patientId, shot: { file, number }, item }: { patientId: string; shot: StripShot; item: Item }) {
  const alt = c.look(number);
  const draw = useCallback(
    (element: HTMLImageElement | null) => {
      if (!element || !file) return undefined;
      const url = URL.createObjectURL(file);
      element.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [file],
  );
  if (file) return <img key="own" ref={draw} alt={alt} />;
  const { state } = item;
  const stored = state.kind === "stored" || state.kind === "duplicate" ? state.imageId : null;
  return stored === null ? <Preview item={item} /> : <img key="stored" src={imageUrl(patientId, stored, "screen")} alt={alt} />;
}
