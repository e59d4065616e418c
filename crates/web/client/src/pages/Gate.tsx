/** The frame of the pages before sign-in: the mark, a card, nothing else. */
import type { ReactNode } from "react";
import { t } from "../i18n";
import { Mark } from "../ui/icons";
import styles from "./Gate.module.css";

export function Gate({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  return (
    <div className={styles.gate}>
      <header className={styles.brand}>
        <Mark size={44} />
        <span>{t.common.product}</span>
      </header>
      <main className={styles.card} data-wide={wide || undefined}>
        {children}
      </main>
      <footer className={styles.footer}>{t.signIn.footer}</footer>
    </div>
  );
}
