import { useQuery } from "@tanstack/react-query";
import type { Notice } from "../../api/types";
import { toneOf } from "../../app/notices";
import { useZone } from "../../app/session";
import { t } from "../../i18n";
import { dateTime } from "../../i18n/format";
import { noticesQuery } from "../../resources/notices";
import { Badge, Banner, Failed, Section, Skeleton } from "../../ui/parts";
import styles from "./NoticesSection.module.css";

const n = t.notices;

/** What the program found about its own installation, and what to do about it. */
export function NoticesSection() {
  const query = useQuery(noticesQuery());
  const notices = query.data ?? [];
  return (
    <div className={styles.section}>
      <Section title={n.title}>
        {notices.length > 0 && <p className={styles.lead}>{n.lead}</p>}
        {query.isPending && <Skeleton rows={1} />}
        {query.isError && !query.data && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {query.data && notices.length === 0 && (
          <Banner tone="good">{n.empty}</Banner>
        )}
        {notices.length > 0 && (
          <ul aria-label={n.title}>
            {notices.map((notice) => (
              <Row key={notice.code} notice={notice} />
            ))}
          </ul>
        )}
      </Section>
    </div>
  );
}

function Row({ notice }: { notice: Notice }) {
  const zone = useZone();
  return (
    <li className={styles.row}>
      <p className={styles.head}>
        <Badge tone={toneOf(notice)} icon="warn">
          {n.severity[notice.severity]}
        </Badge>
        <time dateTime={notice.since} className={styles.since}>
          {n.since(dateTime(notice.since, zone))}
        </time>
      </p>
      <p className={styles.message}>{notice.message}</p>
      <p>{notice.remedy}</p>
    </li>
  );
}
