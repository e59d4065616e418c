/** What the account's button opens. A file of its own: menus are a good part of all the script there is. */
import type { RefObject } from "react";
import { Header } from "react-aria-components/Header";
import { Menu, MenuItem, MenuSection } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { useLocation } from "wouter";
import { t } from "../i18n";
import { tags as texts } from "../i18n/tags";
import { Icon } from "../ui/icons";
import { useSession } from "./session";
import { setTheme, type Theme, useTheme } from "./theme";
import menu from "./UserMenu.module.css";

const themes: readonly Theme[] = ["light", "dark", "system"];

interface Props {
  name: string;
  /** The button that opened it. */
  button: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

export function UserMenuList({ name, button, onClose }: Props) {
  const { leave, presence } = useSession();
  const [, go] = useLocation();
  const theme = useTheme();
  return (
    <Popover
      className={menu.popover ?? ""}
      placement="top start"
      triggerRef={button}
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Menu
        className={menu.menu ?? ""}
        aria-label={t.nav.userMenu(name)}
        autoFocus="first"
        onClose={onClose}
        onAction={(key) => {
          if (key === "out") void leave();
          else if (key === "devices") go("/devices");
          else if (key === "tags") go("/settings/tags");
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
          {presence?.me.roles.includes("clinician") && (
            <MenuItem id="tags" className={menu.menuItem ?? ""} textValue={texts.title}>
              <Icon name="tag" size={18} />
              <span>{texts.title}</span>
            </MenuItem>
          )}
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
  );
}
