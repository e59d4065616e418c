import { Button as AriaButton, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";
import { useLocation } from "wouter";
import { t } from "../i18n";
import type { Presence } from "../resources/session";
import { Icon } from "../ui/icons";
import styles from "./Shell.module.css";
import { useSession } from "./session";
import { setTheme, type Theme, useTheme } from "./theme";
import menu from "./UserMenu.module.css";

const themes: readonly Theme[] = ["light", "dark", "system"];

/** Whose session this is: their devices, how it looks, and the way out. */
export function UserMenu({ presence, compact = false }: { presence: Presence; compact?: boolean }) {
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
      <Popover className={menu.popover ?? ""} placement="top start">
        <Menu
          className={menu.menu ?? ""}
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
            <Header className={menu.menuHeader ?? ""}>{t.nav.theme}</Header>
            {themes.map((it) => (
              <MenuItem key={it} id={it} textValue={t.nav.themes[it]} className={menu.menuItem ?? ""} shouldCloseOnSelect={false}>
                <Icon name={it} size={18} />
                <span>{t.nav.themes[it]}</span>
                <span className={menu.tick}>
                  <Icon name="check" size={16} />
                </span>
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection aria-label={name}>
            <MenuItem id="devices" className={menu.menuItem ?? ""} textValue={t.nav.account}>
              <Icon name="devices" size={18} />
              <span>{t.nav.account}</span>
            </MenuItem>
            <MenuItem id="out" className={menu.menuItem ?? ""} textValue={t.nav.signOut}>
              <Icon name="signOut" size={18} />
              <span>{t.nav.signOut}</span>
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
