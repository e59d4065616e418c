/** The list of uploads, shown over every page so that a person can keep working while images are sent. */
import { memo, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "wouter";
import { t } from "../i18n";
import { bytes } from "../i18n/format";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/icons";
import { asking } from "../ui/unsaved";
import { uploads } from "./manager";
import { Preview } from "./Preview";
import { hasEnded, inOrder, isMoving, isOut, isRemarkable, type Item, type Queue, summary, type Tally, tally, whoseFiles } from "./queue";
import { duplicateWords, storedWords } from "./words";
import styles from "./UploadPanel.module.css";
import { useOpen } from "./useOpen";
import { useRoomBelow } from "./useRoomBelow";
import { useUploads } from "./useUploads";

export function UploadPanel() {
  const queue = useUploads();
  return queue.length > 0 && <Panel queue={queue} />;
}

function Panel({ queue }: { queue: Queue }) {
  const counts = useMemo(() => tally(queue), [queue]);
  const done = counts.ended === counts.all;
  const panel = useRef<HTMLElement>(null);
  const { open, shape, toggle } = useOpen(panel, queue, counts);
  useRoomBelow(panel, shape);

  const failed = queue.filter((item) => item.state.kind === "failed").map((item) => item.id);
  const ended = queue.filter(hasEnded).map((item) => item.id);
  const outs = counts.refused + counts.failed;
  const clear = async () => {
    const { clearTitle: title, clearText, clear: yes, clearNo: no } = t.upload;
    if (outs === 0 || (await asking({ title, text: clearText(outs), yes, no }))) uploads.remove(ended);
  };
  const words = summary(counts);
  const owner = whoseFiles(queue);
  const whose = owner ?? t.upload.several;
  const isIn = counts.stored + counts.duplicate > 0;
  const isPartly = queue.some(isOut);
  return (
    <section ref={panel} className={styles.panel} aria-label={done ? (isIn ? t.upload.titleDone : t.upload.nothing) : t.upload.title} data-open={open || undefined}>
      <header className={styles.header}>
        <div className={styles.headline}>
          {/* As one line it has room for the name; the counts say the rest. */}
          <h2>{open ? (done ? t.upload.added(whose) : t.upload.adding(whose)) : whose}</h2>
          <p className={styles.counts} role="status" data-partly={isPartly || undefined}>
            {isPartly && <Icon name="warn" size={16} />}
            {words}
          </p>
        </div>
        {done && <IconButton icon="close" label={t.upload.clear} tip={false} onPress={() => void clear()} />}
        {/* Last, and so at its place whether or not the list can be cleared: a press on it must not clear anything. */}
        <IconButton
          icon="chevronDown"
          label={open ? t.upload.collapse : t.upload.expand}
          tip={false}
          aria-expanded={open}
          onPress={toggle}
        />
      </header>
      {!done && (
        <progress className={styles.bar} value={counts.fraction} max={1} aria-label={t.upload.overall(counts.ended, counts.all)} />
      )}
      {open && (
        <>
          <Held queue={queue} />
          <Lost queue={queue} />
          <Keeping counts={counts} />
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
          <ul className={styles.list} tabIndex={0} aria-label={t.upload.title}>
            {inOrder(queue).map((item) => (
              <Row key={item.id} item={item} isNamed={owner === null} />
            ))}
          </ul>
          {failed.length > 0 && (
            <footer className={styles.footer}>
              <Button size="sm" icon="refresh" onPress={() => uploads.retry(failed)}>
                {t.upload.retryAll(failed.length)}
              </Button>
            </footer>
          )}
        </>
      )}
    </section>
  );
}

/** The amber part: which patients' files wait for a consent, and the way to it. */
function Held({ queue }: { queue: Queue }) {
  const held = queue.filter((item) => item.state.kind === "held" && item.state.cause === "consent");
  const patients = [...new Set(held.map((item) => item.patientId))];
  return patients.map((id) => <HeldOf key={id} items={held.filter((item) => item.patientId === id)} isNamed={patients.length > 1} />);
}

function HeldOf({ items, isNamed }: { items: readonly Item[]; isNamed: boolean }) {
  const [, go] = useLocation();
  const [first] = items;
  if (!first) return null;
  return (
    <div className={styles.held} role="alert">
      <Icon name="consent" />
      <div>
        <h3>{isNamed ? t.upload.consentTitleOf(first.patientName) : t.upload.consentTitle}</h3>
        <p>{t.upload.consentText(items.length)}</p>
        <div className={styles.heldActions}>
          <Button look="primary" size="sm" onPress={() => go(`/patients/${first.patientId}/consent?record=1`)}>
            {t.upload.consentAction}
          </Button>
          <Button look="quiet" size="sm" onPress={() => uploads.remove(items.map((item) => item.id))}>
            {t.upload.discardHeld}
          </Button>
        </div>
      </div>
    </div>
  );
}

/** Said once for all that wait for the connection, and announced without the seconds that are left. */
function Lost({ queue }: { queue: Queue }) {
  const times = queue.flatMap(({ state, gone }) => (state.kind === "backoff" && gone === undefined ? [state.until] : []));
  return (
    <div role="status">
      {times.length > 0 && (
        <p className={styles.keeping} data-unable>
          <Icon name="offline" size={16} />
          <span>
            {t.upload.lost} <Countdown until={Math.min(...times)} />
          </span>
        </p>
      )}
    </div>
  );
}

/** Whether the page may be closed before everything is in. */
function Keeping({ counts: { left } }: { counts: Tally }) {
  const { kept, keptBytes, bytes: all, isSaving, unable } = useSyncExternalStore(uploads.subscribe, uploads.keeping);
  if (left === 0) return null;
  if (unable) {
    return (
      <p className={styles.keeping} data-unable role="status">
        <Icon name="warn" size={16} />
        <span>{t.upload.notKept[unable]}</span>
      </p>
    );
  }
  if (kept < left) {
    return (
      isSaving && (
        <p className={styles.keeping} data-unable role="status">
          <Icon name="warn" size={16} />
          <span>
            {t.upload.saving(left)}{" "}
            <span className="num" aria-hidden="true">
              {t.upload.savedSoFar(kept, bytes(keptBytes), bytes(all))}
            </span>
          </span>
        </p>
      )
    );
  }
  return (
    <p className={styles.keeping} role="status">
      <Icon name="check" size={16} />
      <span>{t.upload.kept(kept)}</span>
    </p>
  );
}

/** Drawn again only when its item changes: a queue of thousands changes with every piece that is saved or sent. */
const Row = memo(function Row({ item, isNamed }: { item: Item; isNamed: boolean }) {
  const { state } = item;
  return (
    <li className={styles.row} data-kind={isRemarkable(item) ? "remarkable" : state.kind}>
      <span className={styles.picture}>
        <Preview item={item} />
        <span className={styles.sign}>
          <Sign kind={state.kind === "stored" && state.remarks.isIncomplete ? "failed" : state.kind} />
        </span>
      </span>
      <div className={styles.words}>
        <p className={styles.name} title={item.name}>
          {item.name}
        </p>
        {isNamed && <p>{item.patientName}</p>}
        <Status item={item} />
        {state.kind === "sending" && item.gone === undefined && (
          <progress className={styles.bar} value={state.sent} max={Math.max(1, item.size)} aria-label={t.upload.progress(item.name)} />
        )}
      </div>
      {state.kind === "failed" && (
        <IconButton icon="refresh" label={t.upload.retryNamed(item.name)} tip={false} onPress={() => uploads.retry([item.id])} />
      )}
      {(hasEnded(item) || state.kind === "held") && (
        <IconButton icon="close" iconSize={16} label={t.upload.removeNamed(item.name)} tip={false} onPress={() => uploads.remove([item.id])} />
      )}
    </li>
  );
});

function Sign({ kind }: { kind: Item["state"]["kind"] }) {
  if (kind === "stored") return <Icon name="check" size={13} />;
  if (kind === "duplicate") return <Icon name="copy" size={13} />;
  if (kind === "refused" || kind === "failed") return <Icon name="warn" size={13} />;
  if (kind === "held") return <Icon name="consent" size={13} />;
  return <Icon name="upload" size={13} />;
}

function Status({ item }: { item: Item }) {
  const { state } = item;
  if (item.gone !== undefined && isMoving(item)) return <p>{t.upload.asked}</p>;
  switch (state.kind) {
    case "waiting":
    case "backoff":
      return <p>{t.upload.waiting} · {bytes(item.size)}</p>;
    case "sending":
      return <p className="num">{state.sent >= item.size ? t.upload.processing : t.upload.sending(Math.floor((state.sent / Math.max(1, item.size)) * 100))}</p>;
    case "held":
      return <p>{state.cause === "consent" ? t.upload.heldConsent : t.upload.heldSession}</p>;
    case "stored":
      return <p>{storedWords(state.remarks)}</p>;
    case "duplicate":
      return <p>{duplicateWords(state.remarks)}</p>;
    case "refused":
      return (
        <p>
          <strong>{t.upload.refused}:</strong> {state.reason.message}
          {state.reason.advice && <span className={styles.advice}> {state.reason.advice}</span>}
        </p>
      );
    case "failed":
      return (
        <p>
          <strong>{t.upload.failed}:</strong> {state.message}
        </p>
      );
  }
}

function Countdown({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="num" aria-hidden="true">
      {t.upload.again(Math.ceil((until - now) / 1000))}
    </span>
  );
}
