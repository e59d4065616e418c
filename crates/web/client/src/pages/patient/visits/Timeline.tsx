/** E6: the visits of a patient, which are the first thing that a record shows. Upcoming ones first, then the latest down to the first. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useLocation } from "wouter";
import { explain } from "../../../api/problem";
import type { ListedEntry } from "../../../api/types";
import type { Patient } from "../../../api/types";
import { useNow } from "../../../app/clock";
import { later } from "../../../app/later";
import { t } from "../../../i18n";
import { visits as v } from "../../../i18n/visits";
import { useKeptEdits } from "../../../live";
import { useCreateVisit, useShowVisit, visitsQuery } from "../../../resources/visits";
import { alongRows } from "../../../select/toggle";
import { useSelection } from "../../../select/useSelection";
import { Button, LinkButton } from "../../../ui/Button";
import { Empty, Failed, Skeleton } from "../../../ui/parts";
import { toast } from "../../../ui/toasts";
import { useLoadOnSight } from "../../../ui/useLoadOnSight";
import { visitPath } from "./addresses";
import styles from "./Timeline.module.css";
import { VisitRow } from "./VisitRow";

const TagBar = later(() => import("../../../select/TagBar").then((it) => it.TagBar));

export function Timeline({ patient }: { patient: Patient }) {
  const { id } = patient;
  const [, go] = useLocation();
  const list = useInfiniteQuery(visitsQuery(id));
  const entries = useMemo(() => list.data?.pages.flatMap((page) => page.entries) ?? [], [list.data]);
  useShownOnceStored(id);
  const { upcoming, past, shown } = useParted(entries);
  const start = useRef<HTMLButtonElement>(null);
  const all = useRef<HTMLDivElement>(null);
  // What a selection is for, tags, is frozen in a signed visit (E5).
  const open = useMemo(() => shown.filter((it) => it.signedAt === null), [shown]);
  const { picked, pick, pickAll, begin, end } = useSelection(open);
  const more = useLoadOnSight(list.hasNextPage && !list.isFetchingNextPage && !list.isError, () => void list.fetchNextPage());
  const create = useCreateVisit(id, (error) => toast(`${v.newFailed} ${explain(error)}`, "bad"));

  const finish = () => {
    // What had the focus goes with the selection.
    if (all.current?.contains(document.activeElement)) start.current?.focus();
    end();
  };
  const rows = (part: readonly ListedEntry[]) => (
    <ol className={styles.list}>
      {part.map((entry) => (
        <VisitRow key={entry.id} patientId={id} entry={entry} before={entries[entries.indexOf(entry) + 1] ?? null} isOldest={!list.hasNextPage && entry === entries.at(-1)} withPhotos={earlierWithPhotos(entries, entry)} isPicked={picked && entry.signedAt === null ? picked.has(entry.id) : null} onPick={pick} />
      ))}
    </ol>
  );
  return (
    <>
      <header className={styles.head}>
        <h2>{v.title}</h2>
        <div className={styles.tools}>
          {open.length > 0 && (
            <Button ref={start} aria-pressed={picked !== null} onPress={picked ? finish : begin}>
              {t.common.select}
            </Button>
          )}
          <Button look="primary" icon="plus" isPending={create.isPending} onPress={() => create.mutate({}, { onSuccess: (visit) => go(visitPath(id, visit.id)) })}>
            {v.new}
          </Button>
        </div>
      </header>
      {list.isPending && <Skeleton rows={3} shape="card" />}
      {list.isError && entries.length === 0 && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && entries.length === 0 && <NoVisits patient={patient} />}
      {/* The arrow keys are an addition; every visit is a checkbox while visits are being selected. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div ref={all} onKeyDown={(event) => alongRows(event, picked && pick)}>
        {upcoming.length > 0 && (
          <section aria-labelledby="upcoming-visits" className={styles.upcoming}>
            <h3 id="upcoming-visits" className={styles.part}>
              {v.upcoming}
            </h3>
            {rows(upcoming)}
          </section>
        )}
        {past.length > 0 && (
          <section aria-labelledby="past-visits">
            {/* Below the heading of the page there is one of this level in any case. */}
            <h3 id="past-visits" className={upcoming.length > 0 ? styles.part : "visually-hidden"}>
              {v.past}
            </h3>
            {rows(past)}
          </section>
        )}
      </div>
      <div ref={more} className={styles.more}>
        {list.hasNextPage && (
          <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
            {t.common.loadMore}
          </Button>
        )}
      </div>
      {picked && <TagBar kind="visits" picked={picked} shown={open} isPart={list.hasNextPage} onAll={pickAll} onNone={begin} onDone={finish} start={start} />}
    </>
  );
}

/** What was typed into a visit may still be on its way when its page is left: the list is asked for again once it is stored. */
function useShownOnceStored(patientId: string): void {
  const refresh = useShowVisit(patientId);
  const waits = useKeptEdits() > 0;
  useEffect(() => (waits ? refresh : undefined), [waits, refresh]);
}

/** `useNow` is up to half a minute old, and the clocks of two computers differ: a visit that was just created is none that is to come. */
const JUST_NOW_MS = 60_000;

/** Those after now, the next one first; the others as they come; and all in the order in which they stand on the page. */
function useParted(entries: readonly ListedEntry[]) {
  const now = useNow();
  const ahead = entries.filter((it) => Date.parse(it.appointmentAt) > now + JUST_NOW_MS).length;
  return useMemo(() => {
    const upcoming = entries.slice(0, ahead).toReversed();
    const past = entries.slice(ahead);
    return { upcoming, past, shown: [...upcoming, ...past] };
  }, [entries, ahead]);
}

/** The nearest earlier visit that has photos, which this one is compared with. */
function earlierWithPhotos(entries: readonly ListedEntry[], entry: ListedEntry): ListedEntry | null {
  return entries.slice(entries.indexOf(entry) + 1).find((it) => it.images.length > 0) ?? null;
}

function NoVisits({ patient }: { patient: Patient }) {
  const has = patient.imageCount > 0;
  const photos = (
    <LinkButton href={`/patients/${patient.id}/photos`} icon="image">
      {v.showPhotos}
    </LinkButton>
  );
  return (
    <Empty icon="calendar" title={v.emptyTitle} {...(has && { action: photos })}>
      {has && `${v.emptyPhotos(patient.imageCount)} `}
      {v.emptyText}
    </Empty>
  );
}
