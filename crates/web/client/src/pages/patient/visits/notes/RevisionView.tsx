/* oxlint-disable react/no-array-index-key -- a text is read anew as a whole: its parts have nothing but their places */
/** One version of the notes: what it changed against the one before, or the whole of it. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Revision } from "../../../../api/types";
import { useZone } from "../../../../app/session";
import { dateTime } from "../../../../i18n/format";
import { visits as v } from "../../../../i18n/visits";
import { revisionQuery } from "../../../../resources/revisions";
import { Button } from "../../../../ui/Button";
import { Failed, Skeleton } from "../../../../ui/parts";
import { changesBetween } from "./diff";
import { Rendered } from "./Rendered";
import styles from "./Revisions.module.css";

const r = v.revisions;

interface Props {
  patientId: string;
  entryId: string;
  revision: Revision;
  /** The version that it is compared with; null for the first. */
  before: number | null;
  onBack: () => void;
  onRestore?: () => void;
  isRestoring: boolean;
}

export function RevisionView({ patientId, entryId, revision, before, onBack, onRestore, isRestoring }: Props) {
  const zone = useZone();
  const [isWhole, setWhole] = useState(before === null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const now = useQuery(revisionQuery(patientId, entryId, revision.version));
  const former = useQuery({ ...revisionQuery(patientId, entryId, before ?? 0), enabled: before !== null });
  const asked = before === null ? [now] : [now, former];
  const failed = asked.find((it) => it.isError);
  const text = now.data?.notes;
  const old = before === null ? "" : former.data?.notes;
  return (
    <div className={styles.view}>
      <div className={styles.bar}>
        <Button size="sm" look="quiet" icon="chevronLeft" onPress={onBack}>
          {r.back}
        </Button>
        {before !== null && (
          <Button size="sm" aria-pressed={isWhole} onPress={() => setWhole(!isWhole)}>
            {r.whole}
          </Button>
        )}
        {onRestore && (
          <Button size="sm" look="primary" icon="undo" isPending={isRestoring} onPress={onRestore}>
            {isRestoring ? r.restoring : r.restore}
          </Button>
        )}
      </div>
      <h3 ref={heading} tabIndex={-1}>
        {dateTime(revision.at, zone)} · {revision.by.name}
      </h3>
      {failed ? (
        <Failed error={failed.error} onRetry={() => asked.forEach((it) => void it.refetch())} />
      ) : text === undefined || old === undefined ? (
        <Skeleton rows={3} />
      ) : isWhole ? (
        text.trim() === "" ? <p className={styles.help}>{r.empty}</p> : <Rendered text={text} />
      ) : (
        <Changes before={old} after={text} />
      )}
    </div>
  );
}

function Changes({ before, after }: { before: string; after: string }) {
  if (before === after) return <p className={styles.help}>{r.same}</p>;
  return (
    <div role="group" aria-label={r.changes} className={styles.changes}>
      {changesBetween(before, after).map((run, at) => {
        if (run.kind === "skipped") return <p key={at} className={styles.skipped}>{r.skipped(run.lines.length)}</p>;
        const text = run.lines.join("\n") || " ";
        if (run.kind === "same") return <pre key={at}>{text}</pre>;
        // Words beside the colour, for whoever cannot tell it.
        const Mark = run.kind === "added" ? "ins" : "del";
        return (
          <Mark key={at} className={styles.run}>
            <span className={styles.sign}>{run.kind === "added" ? r.added : r.deleted}</span>
            <pre>{text}</pre>
          </Mark>
        );
      })}
    </div>
  );
}
