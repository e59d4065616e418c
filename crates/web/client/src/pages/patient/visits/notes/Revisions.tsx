/** The versions of the notes: who made each and when, what it changed, and the way back to it. Restoring asks nothing, as it can be undone. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { explain, isProblem } from "../../../../api/problem";
import type { Revision } from "../../../../api/types";
import type { Visit } from "../../../../resources/visitLayout";
import { useZone } from "../../../../app/session";
import { bytes, dateTime } from "../../../../i18n/format";
import { visits as v } from "../../../../i18n/visits";
import type { VisitDraft } from "../../../../live";
import { revisionsQuery, useRestoreRevision } from "../../../../resources/revisions";
import { Button } from "../../../../ui/Button";
import { Dialog } from "../../../../ui/Dialog";
import { Badge, Failed, Skeleton } from "../../../../ui/parts";
import { toast } from "../../../../ui/toasts";
import { deviceOf } from "../../../activity/sentence";
import { grouped } from "./grouped";
import { RevisionView } from "./RevisionView";
import styles from "./Revisions.module.css";

const r = v.revisions;
const TOPIC = "revisions";

interface Props {
  patientId: string;
  visit: Visit;
  draft: VisitDraft;
  onClose: () => void;
}

export function Revisions({ patientId, visit, draft, onClose }: Props) {
  const zone = useZone();
  const list = useInfiniteQuery(revisionsQuery(patientId, visit.id));
  const revisions = useMemo(() => list.data?.pages.flatMap((page) => page.revisions) ?? [], [list.data]);
  const groups = useMemo(() => grouped(revisions), [revisions]);
  const [shown, setShown] = useState<{ version: number; before: number | null } | null>(null);
  const [isAll, setAll] = useState(false);
  const restore = useRestoreRevision(patientId, visit.id);
  const newest = revisions[0];
  const base = draft.entry?.versions.notes ?? visit.versions.notes;
  const isSigned = visit.signed !== null;

  // As promises: the dialog may be gone when the answer comes.
  const back = (version: number, on: number) => {
    restore.mutateAsync({ version, base: on }).then(() => toast(v.undone, "good", undefined, TOPIC), failed);
  };
  const bring = async (version: number): Promise<void> => {
    if (draft.status.kind !== "saved") {
      draft.flush();
      toast(r.wait, "bad", undefined, TOPIC);
      return;
    }
    try {
      const done = await restore.mutateAsync({ version, base });
      toast(r.done, "good", { label: v.undo, onPress: () => back(base, done.version) }, TOPIC);
      onClose();
    } catch (error) {
      failed(error);
    }
  };
  const row = (revision: Revision, before: number | null, amount: number) => {
    const when = dateTime(revision.at, zone);
    return (
      <li key={revision.version}>
        <button type="button" className={styles.row} aria-label={r.show(when)} aria-describedby={`revision-${revision.version}`} onClick={() => setShown({ version: revision.version, before })}>
          <span className={styles.when}>{when}</span>
          <span id={`revision-${revision.version}`} className={styles.facts}>
            <span>{revision.by.name}</span>
            {deviceOf(revision.userAgent) && <span>{deviceOf(revision.userAgent)}</span>}
            <span>{bytes(revision.bytes)}</span>
            {amount > 1 && <span>{r.group(amount)}</span>}
            {revision.restored !== null && <span>{restoredFrom(revision.restored)}</span>}
            {revision.version === newest?.version && <Badge tone="info">{r.newest}</Badge>}
          </span>
        </button>
      </li>
    );
  };
  const restoredFrom = (version: number): string => {
    const from = revisions.find((it) => it.version === version);
    return from ? r.restoredFrom(dateTime(from.at, zone)) : r.restored;
  };
  const beforeOf = (revision: Revision): number | null => revisions[revisions.indexOf(revision) + 1]?.version ?? (revision.version > 0 ? revision.version - 1 : null);

  const open = revisions.find((it) => it.version === shown?.version);
  return (
    <Dialog title={r.title} isOpen onClose={onClose} size="lg">
      {shown && open ? (
        <RevisionView
          patientId={patientId}
          entryId={visit.id}
          revision={open}
          before={shown.before}
          onBack={() => setShown(null)}
          {...(!isSigned && open.version !== newest?.version && { onRestore: () => void bring(open.version) })}
          isRestoring={restore.isPending}
        />
      ) : (
        <>
          <p className={styles.help}>{r.help}</p>
          {list.isPending && <Skeleton rows={4} />}
          {list.isError && revisions.length === 0 && <Failed error={list.error} onRetry={() => void list.refetch()} />}
          <ol className={styles.list}>
            {isAll
              ? revisions.map((revision) => row(revision, beforeOf(revision), 1))
              : groups.map(({ revisions: all }) => row(all[0], beforeOf(all.at(-1) ?? all[0]), all.length))}
          </ol>
          <div className={styles.more}>
            {groups.length < revisions.length && (
              <Button look="quiet" size="sm" aria-pressed={isAll} onPress={() => setAll(!isAll)}>
                {r.single}
              </Button>
            )}
            {list.hasNextPage && (
              <Button size="sm" isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
                {r.loadMore}
              </Button>
            )}
          </div>
        </>
      )}
    </Dialog>
  );
}

const failed = (error: unknown): void => toast(why(error), "bad", undefined, TOPIC);
const why = (error: unknown): string => (isProblem(error) && error.status === 409 ? r.clash : explain(error));
