import type { ReactNode } from "react";
import { Button as AriaButton, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";
import { Link, useLocation } from "wouter";
import { t } from "../i18n";
import type { Presence } from "../resources/session";
import { IconButton } from "../ui/Button";
import { Icon, type IconName, Mark } from "../ui/icons";
import { Banner } from "../ui/parts";
import { UploadPanel } from "../upload/UploadPanel";
import { ActivePatientCard } from "./ActivePatientCard";
import { IdleGuard } from "./IdleGuard";
import { NoticeBanner } from "./NoticeBanner";
import styles from "./Shell.module.css";
import { useSession } from "./session";
import { setNarrow, setTheme, type Theme, useNarrow, useTheme } from "./theme";
import { useOnline } from "./useOnline";

export function Shell({ presence, children }: { presence: Presence; children: ReactNode }) {
  const { me } = presence;
  const narrow = useNarrow();
  const online = useOnline();
  const isAdministrator = me.roles.includes("administrator");
  return (
    <div className={styles.shell} data-narrow={narrow || undefined}>
      <a className={styles.skip} href="#content">
        {t.common.skipToContent}
      </a>
      <aside className={styles.sidebar} aria-label={t.common.product}>
        <div className={styles.brand}>
          <Link href="/patients" className={styles.brandLink}>
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
        {!online && (
          <div className={styles.top} role="status">
            <Banner tone="warn" icon="offline">
              {t.common.offline}
            </Banner>
          </div>
        )}
        {isAdministrator && <NoticeBanner />}
        <main id="content" tabIndex={-1} className={styles.content}>
          {children}
        </main>
      </div>
      <UploadPanel />
      <IdleGuard presence={presence} />
    </div>
  );
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

const themes: readonly Theme[] = ["light", "dark", "system"];

function UserMenu({ presence, compact = false }: { presence: Presence; compact?: boolean }) {
  const { leave } = useSession();
  const [, go] = useLocation();
  const theme = useTheme();
  const { me } = presence;
  const name = `${me.firstName} ${me.lastName}`.trim() || me.username;
  const initials = `${me.firstName.charAt(0)}${me.lastName.charAt(0)}`.toUpperCase() || me.username.charAt(0).toUpperCase();
  return (
    <MenuTrigger>
      <AriaButton className={styles.user ?? ""} data-compact={compact || undefined}>
        <span className="visually-hidden">{t.nav.accountOf}</span>
        <span className={styles.initials} aria-hidden="true">
          {initials}
        </span>
        <span className={styles.userText}>
          <span className={styles.userName}>{compact ? me.firstName || me.username : name}</span>
          {!compact && <span className={styles.practice}>{me.username}</span>}
        </span>
      </AriaButton>
      <Popover className={styles.popover ?? ""} placement="top start">
        <Menu
          className={styles.menu ?? ""}
          aria-label={t.nav.userMenu(name)}
          onAction={(key) => {
            if (key === "out") void leave();
            else if (key === "devices") go("/devices");
          }}
        >
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[theme]}
            onSelectionChange={(chosen) => {
              const next = themes.find((it) => chosen !== "all" && chosen.has(it));
              if (next) setTheme(next);
            }}
          >
            <Header className={styles.menuHeader ?? ""}>{t.nav.theme}</Header>
            {themes.map((it) => (
              <MenuItem key={it} id={it} textValue={t.nav.themes[it]} className={styles.menuItem ?? ""} shouldCloseOnSelect={false}>
                <Icon name={it} size={18} />
                <span>{t.nav.themes[it]}</span>
                <span className={styles.tick}>
                  <Icon name="check" size={16} />
                </span>
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection aria-label={name}>
            <MenuItem id="devices" className={styles.menuItem ?? ""} textValue={t.nav.account}>
              <Icon name="devices" size={18} />
              <span>{t.nav.account}</span>
            </MenuItem>
            <MenuItem id="out" className={styles.menuItem ?? ""} textValue={t.nav.signOut}>
              <Icon name="signOut" size={18} />
              <span>{t.nav.signOut}</span>
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
