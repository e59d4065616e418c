/**
 * R0: the sheet that comes up when a session has ended. The page stays as it was, put away beneath it; the same person goes on
 * there, another one starts afresh (session.tsx).
 */
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import type { Me } from "../api/types";
import { t } from "../i18n";
import { Gate } from "../pages/Gate";
import { SignInForm } from "../pages/sign-in/SignInPage";
import { fullName } from "../rules/fullName";
import styles from "./Lock.module.css";
import { holdPlace } from "./place";
import { useTitle } from "./useTitle";
import { backToWorkplace } from "./workplace";

/** What must not get through to the page beneath: its shortcuts, and files dropped or pasted. */
const SWALLOWED = ["keydown", "keyup", "pointerdown", "paste", "drop", "dragenter", "dragover", "dragleave"];

function makeSheet(): HTMLElement {
  const sheet = document.createElement("div");
  // Open dialogs make everything inert but themselves and what says this.
  sheet.dataset.reactAriaTopLayer = "true";
  return sheet;
}

function swallow(event: Event): void {
  event.stopPropagation();
  // A file that is dropped here would otherwise be opened in the page's place.
  if (event.type === "drop" || event.type === "dragover") event.preventDefault();
}

export function Lock({ why, me }: { why: "idle" | "server"; me: Me }) {
  const [sheet] = useState(makeSheet);
  useTitle(t.lock.title);

  useEffect(() => {
    document.body.append(sheet);
    for (const kind of SWALLOWED) sheet.addEventListener(kind, swallow);
    holdPlace(true);
    sheet.querySelector<HTMLElement>("input[type=password]")?.focus();
    return () => {
      holdPlace(false);
      for (const kind of SWALLOWED) sheet.removeEventListener(kind, swallow);
      sheet.remove();
      backToWorkplace();
    };
  }, [sheet]);

  const name = fullName(me.firstName, me.lastName) || me.username;
  return createPortal(
    <div className={styles.sheet} role="dialog" aria-modal="true" aria-labelledby="lock-title">
      <Gate>
        <h1 id="lock-title" className={styles.title}>
          {t.lock.title}
        </h1>
        <SignInForm ending={why} lastUser={me.username}>
          <p className={styles.kept}>{t.lock.kept(name)}</p>
        </SignInForm>
      </Gate>
    </div>,
    sheet,
  );
}
