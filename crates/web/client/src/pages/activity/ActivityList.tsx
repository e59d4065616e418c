import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ActivityEvent } from "../../api/types";
import { useZone } from "../../app/session";
import { t } from "../../i18n";
import { activity as a } from "../../i18n/activity";
import { dayKey, longDay } from "../../i18n/format";
import type { ActivityQuery } from "../../resources/activity";
import { useCustomFields } from "../../resources/customFields";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Empty, Failed, Skeleton } from "../../ui/parts";
import styles from "./ActivityList.module.css";
import { ActivityRow } from "./ActivityRow";
import { CUSTOM_FIELDS } from "./details";
import { grouped } from "./groups";
import { devicesOf } from "./sentence";

interface Props {
  query: (changesOnly: boolean) => ActivityQuery;
  /** Whose record it is; without it no photos are shown. */
  patientId?: string;
  lead: string;
}

export function ActivityList({ query, patientId, lead }: Props) {
  const zone = useZone();
  const [changesOnly, setChangesOnly] = useState(false);
  const list = useInfiniteQuery(query(changesOnly));
  const events = list.data?.pages.flatMap((page) => page.events) ?? [];
  const devices = devicesOf(events);
  const { fields } = useCustomFields(events.some((event) => event.details.some(({ key }) => key === CUSTOM_FIELDS)));
  return (
    <>
      <div className={styles.top}>
        <p className={styles.lead}>{lead}</p>
        <Checkbox isSelected={changesOnly} onChange={setChangesOnly} help={a.changesOnlyHelp}>
          {a.changesOnly}
        </Checkbox>
      </div>
      {list.isPending && <Skeleton rows={6} />}
      {list.isError && events.length === 0 && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && events.length === 0 && (
        <Empty icon="activity" title={a.emptyTitle}>
          {a.emptyText}
        </Empty>
      )}
      {groupByDay(events, zone).map((day) => (
        <section key={day.key} className={styles.day} aria-label={longDay(day.at, zone)}>
          <h2>{heading(day, zone)}</h2>
          <ol className={styles.list}>
            {grouped(day.events).map((group) => (
              <ActivityRow key={group.events[0].sequence} group={group} patientId={patientId} zone={zone} fields={fields} devices={devices} />
            ))}
          </ol>
        </section>
      ))}
      {list.hasNextPage && (
        <div className={styles.more}>
          <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
            {t.common.loadMore}
          </Button>
        </div>
      )}
      {list.isFetchNextPageError && <Failed error={list.error} />}
    </>
  );
}

interface DayOfEvents {
  readonly key: string;
  readonly at: string;
  readonly events: readonly ActivityEvent[];
}

function groupByDay(events: readonly ActivityEvent[], zone: string | undefined): DayOfEvents[] {
  const days = new Map<string, { at: string; events: ActivityEvent[] }>();
  for (const event of events) {
    const key = dayKey(event.at, zone);
    const found = days.get(key);
    if (found) found.events.push(event);
    else days.set(key, { at: event.at, events: [event] });
  }
  return [...days].map(([key, it]) => ({ key, ...it }));
}

function heading(day: DayOfEvents, zone: string | undefined): string {
  const now = Date.now();
  if (day.key === dayKey(new Date(now).toISOString(), zone)) return a.today;
  if (day.key === dayKey(new Date(now - 86_400_000).toISOString(), zone)) return a.yesterday;
  return longDay(day.at, zone);
}
