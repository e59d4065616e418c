import { useInfiniteQuery } from "@tanstack/react-query";
import type { ActivityEvent, CustomField } from "../../api/types";
import { useZone } from "../../app/session";
import { named, t } from "../../i18n";
import { dayKey, longDay, time } from "../../i18n/format";
import type { ActivityQuery } from "../../resources/activity";
import { useCustomFields } from "../../resources/customFields";
import { Button } from "../../ui/Button";
import { Icon, type IconName } from "../../ui/icons";
import { Badge, Empty, Failed, Skeleton } from "../../ui/parts";
import styles from "./ActivityList.module.css";
import { particularsOf, CUSTOM_FIELDS } from "./details";
import { actorOf, deviceOf, sentenceOf } from "./sentence";

const a = t.activity;

interface Props {
  query: ActivityQuery;
  lead: string;
}

export function ActivityList({ query, lead }: Props) {
  const zone = useZone();
  const list = useInfiniteQuery(query);
  const events = list.data?.pages.flatMap((page) => page.events) ?? [];
  const { fields } = useCustomFields(events.some((event) => event.details.some(({ key }) => key === CUSTOM_FIELDS)));
  return (
    <>
      <p className={styles.lead}>{lead}</p>
      {list.isPending && <Skeleton rows={6} />}
      {list.isError && events.length === 0 && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && events.length === 0 && (
        <Empty icon="activity" title={a.emptyTitle}>
          {a.emptyText}
        </Empty>
      )}
      {groupByDay(events, zone).map((group) => (
        <section key={group.key} className={styles.day} aria-label={longDay(group.at, zone)}>
          <h2>{heading(group, zone)}</h2>
          <ol className={styles.list}>
            {group.events.map((event) => (
              <Row key={event.sequence} event={event} zone={zone} fields={fields} />
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

function heading(group: DayOfEvents, zone: string | undefined): string {
  const now = Date.now();
  if (group.key === dayKey(new Date(now).toISOString(), zone)) return a.today;
  if (group.key === dayKey(new Date(now - 86_400_000).toISOString(), zone)) return a.yesterday;
  return longDay(group.at, zone);
}

const ICONS: readonly (readonly [RegExp, IconName])[] = [
  [/^image/, "image"],
  [/^consent/, "consent"],
  [/^entry/, "calendar"],
  [/^(sett|patient_field)/, "settings"],
  [/^patient/, "details"],
  [/^(session|sign|account|password|setup)/, "lock"],
];

function Row({ event, zone, fields }: { event: ActivityEvent; zone: string | undefined; fields: readonly CustomField[] }) {
  const particulars = particularsOf(event, fields);
  const icon = ICONS.find(([pattern]) => pattern.test(event.action))?.[1] ?? "activity";
  const device = deviceOf(event.userAgent);
  return (
    <li className={styles.row} data-outcome={event.outcome}>
      <span className={styles.sign}>
        <Icon name={icon} size={18} />
      </span>
      <div className={styles.words}>
        <p>
          <strong>{actorOf(event)}</strong> {sentenceOf(event)}
          {event.outcome !== "ok" && (
            <>
              {" "}
              <Badge tone={event.outcome === "failed" ? "bad" : "warn"}>{named(a.outcome, event.outcome)}</Badge>
            </>
          )}
        </p>
        <p className={styles.meta}>
          <time dateTime={event.at}>{time(event.at, zone)}</time>
          {event.ip && <span>{a.from(event.ip)}</span>}
          {device && <span title={event.userAgent ?? undefined}>{a.on(device)}</span>}
          <code>{event.action}</code>
          <span className={styles.sequence}>{a.number(event.sequence)}</span>
        </p>
        {particulars.length > 0 && (
          <dl className={styles.details}>
            {particulars.map(({ label, value }) => (
              <div key={`${label}=${value}`}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </li>
  );
}
