import { type ReactNode, useEffect } from "react";
import { Link, useLocation } from "wouter";
import { t } from "../i18n";
import type { Presence } from "../resources/session";
import { IconButton } from "../ui/Button";
import { Icon, type IconName, Mark } from "../ui/icons";
import { Uploads } from "../upload/Uploads";
import { ActivePatientCard } from "./ActivePatientCard";
import { IdleGuard } from "./IdleGuard";
import { NoticeBanner } from "./NoticeBanner";
import styles from "./Shell.module.css";
import { setNarrow, useNarrow } from "./theme";
import { ReachStatus } from "./ReachStatus";
import { useSession } from "./session";
import { SessionsNotice } from "./SessionsNotice";
import { usePageFocus } from "./usePageFocus";
import { useSearchKeys } from "./useSearchKeys";
import { UserMenu } from "./UserMenu";

export function Shell({ presence, children }: { presence: Presence; children: ReactNode }) {
  const { me } = presence;
  const { lock } = useSession();
  const narrow = useNarrow();
  const [place] = useLocation();
  usePageFocus(place);
  useSearchKeys();
  useLive();
  const isAdministrator = me.roles.includes("administrator");
  return (
    <div className={styles.shell} data-narrow={narrow || undefined}>
      <a className={styles.skip} href="#content">
        {t.common.skipToContent}
      </a>
      <aside className={styles.sidebar} aria-label={t.common.product}>
        <div className={styles.brand}>
          <Link href="/patients" className={styles.brandLink} title={me.practice.name}>
            <Mark size={34} />
            <span className={styles.brandText}>
              <span className={styles.brandName}>{t.common.product}</span>
              <span className={styles.practice}>{me.practice.name}</span>
            </span>
          </Link>
          <span className={styles.collapse}>
            <IconButton
              icon="sidebar"
              label={narrow ? t.nav.expand : t.nav.collapse}
              aria-expanded={!narrow}
              onPress={() => setNarrow(!narrow)}
            />
          </span>
        </div>
        <nav aria-label={t.nav.label} className={styles.nav}>
          <NavLink href="/patients" icon="patients" label={t.nav.patients} />
          <NavLink href="/activity" icon="activity" label={t.nav.activity} />
          {isAdministrator && <NavLink href="/settings" icon="settings" label={t.nav.settings} />}
          <span className={styles.barOnly}>
            <UserMenu presence={presence} compact />
          </span>
        </nav>
        <ActivePatientCard />
        <div className={styles.bottom}>
          <UserMenu presence={presence} />
        </div>
      </aside>
      <div className={styles.main}>
        <ReachStatus />
        <SessionsNotice presence={presence} />
        {isAdministrator && <NoticeBanner />}
        <main id="content" tabIndex={-1} className={styles.content}>
          {children}
        </main>
      </div>
      <Uploads />
      {lock === null && <IdleGuard presence={presence} />}
    </div>
  );
}

/** The live connection is made once somebody is signed in; its code comes after the first page. */
function useLive(): void {
  useEffect(() => {
    // Without it pages work as they do while the server is away; the next page that needs it asks again.
    import("../live/live").catch(() => undefined);
  }, []);
}

function NavLink({ href, icon, label }: { href: string; icon: IconName; label: string }) {
  const [place] = useLocation();
  const current = place === href || place.startsWith(`${href}/`);
  return (
    <Link href={href} className={styles.navLink} aria-current={current ? "page" : undefined} title={label}>
      <Icon name={icon} size={22} />
      <span className={styles.navText}>{label}</span>
    </Link>
  );
}
