/** The list of uploads, shown over every page so that a person can keep working while images are sent. */
import { memo, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useLocation } from "wouter";
import { t } from "../i18n";
import { bytes } from "../i18n/format";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/icons";
import { uploads } from "./manager";
import { Preview } from "./Preview";
import { hasEnded, inOrder, isClean, isOut, isRemarkable, type Item, type Remarks, summary, tally, whoseFiles } from "./queue";
import styles from "./UploadPanel.module.css";
import { useUploads } from "./useUploads";

export function UploadPanel() {
  const queue = useUploads();
  const [asked, setAsked] = useState<boolean | null>(null);
  const counts = useMemo(() => tally(queue), [queue]);
  const done = counts.ended === counts.all;
  // Where nothing is left to be read the list folds; what was not added stays in sight.
  const folds = done && queue.every(isClean);
  const open = asked ?? !folds;
  // What a person chose counts for one batch.
  const [batch, setBatch] = useState(queue[0]?.id);
  if (batch !== queue[0]?.id) {
    setBatch(queue[0]?.id);
    setAsked(null);
  }

  if (queue.length === 0) return null;
  const failed = queue.filter((item) => item.state.kind === "failed").map((item) => item.id);
  const ended = queue.filter(hasEnded).map((item) => item.id);
  const words = summary(counts);
  const owner = whoseFiles(queue);
  const whose = owner ?? t.upload.several;
  const isIn = counts.stored + counts.duplicate > 0;
  const isPartly = queue.some(isOut);
  return (
    <section className={styles.panel} aria-label={done ? (isIn ? t.upload.titleDone : t.upload.nothing) : t.upload.title} data-open={open || undefined}>
      <header className={styles.header}>
        <div className={styles.headline}>
          <h2>{done ? t.upload.added(whose) : t.upload.adding(whose)}</h2>
          <p className={styles.counts} role="status" data-partly={isPartly || undefined}>
            {isPartly && <Icon name="warn" size={16} />}
            {words}
          </p>
        </div>
        <IconButton
          icon="chevronDown"
          label={open ? t.upload.collapse : t.upload.expand}
          tip={false}
          aria-expanded={open}
          onPress={() => setAsked(!open)}
        />
        {done && <IconButton icon="close" label={t.upload.clear} tip={false} onPress={() => uploads.remove(ended)} />}
      </header>
      {!done && (
        <progress className={styles.bar} value={counts.fraction} max={1} aria-label={t.upload.overall(counts.ended, counts.all)} />
      )}
      {open && (
        <>
          <Held queue={queue} />
          <Lost queue={queue} />
          <Keeping />
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

/** The amber part: which patient's files wait for a consent, and the way to it. */
function Held({ queue }: { queue: readonly Item[] }) {
  const [, go] = useLocation();
  const held = queue.filter((item) => item.state.kind === "held" && item.state.cause === "consent");
  const patientId = held[0]?.patientId;
  if (!patientId) return null;
  const mine = held.filter((item) => item.patientId === patientId);
  return (
    <div className={styles.held} role="alert">
      <Icon name="consent" />
      <div>
        <h3>{t.upload.consentTitle}</h3>
        <p>{t.upload.consentText(mine.length)}</p>
        <div className={styles.heldActions}>
          <Button look="primary" size="sm" onPress={() => go(`/patients/${patientId}/consent?record=1`)}>
            {t.upload.consentAction}
          </Button>
          <Button look="quiet" size="sm" onPress={() => uploads.remove(mine.map((item) => item.id))}>
            {t.upload.discardHeld}
          </Button>
        </div>
      </div>
    </div>
  );
}

/** Said once for all that wait for the connection, and announced without the seconds that are left. */
function Lost({ queue }: { queue: readonly Item[] }) {
  const times = queue.flatMap(({ state }) => (state.kind === "backoff" ? [state.until] : []));
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
function Keeping() {
  const { left, kept, unable } = useSyncExternalStore(uploads.subscribe, uploads.keeping);
  if (left === 0) return null;
  if (unable) {
    return (
      <p className={styles.keeping} data-unable role="status">
        <Icon name="warn" size={16} />
        <span>{t.upload.notKept[unable]}</span>
      </p>
    );
  }
  if (kept < left) return null;
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
        {state.kind === "sending" && (
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

function storedWords({ isIncomplete, pages }: Remarks): string {
  if (isIncomplete) return t.upload.storedIncomplete;
  return pages > 1 ? t.upload.storedPages(pages) : t.upload.stored;
}

function duplicateWords({ isIncomplete, pages }: Remarks): string {
  if (isIncomplete) return t.upload.duplicateIncomplete;
  return pages > 1 ? t.upload.duplicatePages(pages) : t.upload.duplicate;
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
