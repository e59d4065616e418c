import { useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { t } from "../i18n";
import type { Presence } from "../resources/session";
import { fullName, initialsOf } from "../rules/fullName";
import { later } from "./later";
import styles from "./Shell.module.css";

const UserMenuList = later(() => import("./UserMenuList").then((it) => it.UserMenuList), { missing: "toast" });

/** Whose session this is: their devices, how it looks, and the way out. */
export function UserMenu({ presence, compact = false }: { presence: Presence; compact?: boolean }) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const { me } = presence;
  const name = fullName(me.firstName, me.lastName) || me.username;
  const initials = initialsOf(me.firstName, me.lastName) || me.username.charAt(0).toUpperCase();
  return (
    <>
      <AriaButton
        ref={button}
        className={styles.user ?? ""}
        data-compact={compact || undefined}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onPress={() => setOpen(true)}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") setOpen(true);
          else event.continuePropagation();
        }}
      >
        <span className="visually-hidden">{t.nav.accountOf}</span>
        <span className={styles.initials} aria-hidden="true">
          {initials}
        </span>
        <span className={styles.userText}>
          <span className={styles.userName}>{compact ? me.firstName || me.username : name}</span>
          {!compact && <span className={styles.practice}>{me.username}</span>}
        </span>
      </AriaButton>
      {isOpen && <UserMenuList name={name} button={button} onClose={() => setOpen(false)} />}
    </>
  );
}
