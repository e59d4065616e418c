import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { ended } from "../../api/contact";
import { explain } from "../../api/problem";
import type { SessionInfo } from "../../api/types";
import { useNow } from "../../app/clock";
import { useSession, useZone } from "../../app/session";
import { useTitle } from "../../app/useTitle";
import { t } from "../../i18n";
import { addDevice } from "../../i18n/firstDay";
import { ago, dateTime } from "../../i18n/format";
import { sessionsQuery, useEndAllSessions, useEndSession } from "../../resources/sessions";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ConfirmDialog } from "../../ui/FormDialog";
import { Icon } from "../../ui/icons";
import { Badge, Failed, FormProblem, PageHeader, Skeleton } from "../../ui/parts";
import { toast } from "../../ui/toasts";
import { deviceOf } from "../activity/sentence";
import styles from "./SessionsPage.module.css";

const a = t.account;

export function SessionsPage() {
  useTitle(a.devicesTitle);
  const { end } = useSession();
  const [, go] = useLocation();
  const [asking, setAsking] = useState(false);
  const query = useQuery(sessionsQuery());
  const [ending, setEnding] = useState<SessionInfo | null>(null);
  const one = useEndSession({ onEnded: () => toast(a.endedOne), onRefused: (error) => toast(explain(error), "bad") });
  const sessions = (query.data?.sessions ?? []).toSorted(
    (x, y) => Number(y.current) - Number(x.current) || Date.parse(y.lastSeenAt) - Date.parse(x.lastSeenAt),
  );
  const all = useEndAllSessions(() => {
    end("out");
    ended(true);
  });
  return (
    <>
      <PageHeader
        column
        title={a.devicesTitle}
        lead={a.devicesText}
        actions={
          <>
            <Button icon="plus" onPress={() => go("/devices/add")}>
              {addDevice.title}
            </Button>
            <Button icon="signOut" onPress={() => setAsking(true)}>
              {a.endAll}
            </Button>
          </>
        }
      />
      {query.isPending && <Skeleton rows={3} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <ul className={styles.list}>
          {sessions.map((session) => (
            <Device key={session.id} session={session} isEnding={one.isPending && one.variables === session.id} onEnd={() => setEnding(session)} />
          ))}
        </ul>
      )}
      {ending && (
        <ConfirmDialog
          title={a.endOneTitle(deviceOf(ending.userAgent) ?? a.unknownDevice)}
          submit={a.endOne}
          onClose={() => setEnding(null)}
          onConfirm={() => {
            one.mutate(ending.id);
            setEnding(null);
          }}
        >
          <p>{a.endOneText}</p>
        </ConfirmDialog>
      )}
      <Dialog
        role="alertdialog"
        size="sm"
        title={a.endAllTitle}
        isOpen={asking}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button autoFocus onPress={() => setAsking(false)}>
              {t.common.cancel}
            </Button>
            <Button look="danger" isPending={all.isPending} onPress={() => all.mutate()}>
              {a.endAll}
            </Button>
          </>
        }
      >
        <p>{a.endAllText}</p>
        <FormProblem error={all.error} />
      </Dialog>
    </>
  );
}

function Device({ session, isEnding, onEnd }: { session: SessionInfo; isEnding: boolean; onEnd: () => void }) {
  const zone = useZone();
  const now = useNow();
  const device = deviceOf(session.userAgent) ?? a.unknownDevice;
  return (
    <li className={styles.device}>
      <span className={styles.sign}>
        <Icon name="devices" size={22} />
      </span>
      <div className={styles.words}>
        <p className={styles.name} title={session.userAgent ?? undefined}>
          {device} {session.current && <Badge tone="good">{a.thisDevice}</Badge>}
        </p>
        <p className={styles.meta}>
          {a.since(dateTime(session.createdAt, zone))}, {a.seen(ago(session.lastSeenAt, now, zone))}
          {session.ip && <>, {a.from(session.ip)}</>}
        </p>
      </div>
      {!session.current && (
        <Button size="sm" isPending={isEnding} onPress={onEnd} aria-label={a.endNamed(device)}>
          {a.end}
        </Button>
      )}
    </li>
  );
}
