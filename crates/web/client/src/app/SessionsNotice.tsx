import { useState } from "react";
import { Link, useLocation } from "wouter";
import { t } from "../i18n";
import type { Presence } from "../resources/session";
import { IconButton } from "../ui/Button";
import { Banner } from "../ui/parts";
import styles from "./Shell.module.css";

/** More open sessions than this are told to the person (A7). */
const USUAL = 10;

/** A7: no sign-in ends somebody's session, so the person hears of it when there are many. */
export function SessionsNotice({ presence }: { presence: Presence }) {
  const [place] = useLocation();
  const [isDismissed, setDismissed] = useState(false);
  const open = presence.me.session.openSessions;
  return (
    <div role="status">
      {open > USUAL && !isDismissed && place !== "/devices" && (
        <div className={styles.top}>
          <Banner
            tone="info"
            icon="devices"
            action={
              <>
                <Link href="/devices" className={styles.noticeLink}>
                  {t.account.manySessionsShow}
                </Link>
                <IconButton icon="close" iconSize={18} label={t.common.dismiss} tip={false} onPress={() => setDismissed(true)} />
              </>
            }
          >
            {t.account.manySessions(open)}
          </Banner>
        </div>
      )}
    </div>
  );
}
