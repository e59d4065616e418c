import type { SessionInfo } from "../../api/types";
import { useNow } from "../../app/clock";
import { t } from "../../i18n";
import { ago } from "../../i18n/format";
import { Checkbox } from "../../ui/Checkbox";
import { Banner } from "../../ui/parts";
import { deviceOf } from "../activity/sentence";
import styles from "./SignInPage.module.css";

interface Props {
  sessions: readonly SessionInfo[];
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
}

/** A7: which of the hundred open sessions end with this sign-in. The longest unused first. */
export function SessionsToEnd({ sessions, chosen, onChange }: Props) {
  const now = useNow();
  const oldestFirst = sessions.toSorted((a, b) => Date.parse(a.lastSeenAt) - Date.parse(b.lastSeenAt));
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChange(next);
  };
  return (
    <fieldset className={styles.sessions}>
      <legend>{t.signIn.tooManyLabel}</legend>
      <Banner tone="warn" role="alert">
        <strong>{t.signIn.tooManyTitle}</strong> {t.signIn.tooManyText}
      </Banner>
      <ul>
        {oldestFirst.map((session) => (
          <li key={session.id}>
            <Checkbox isSelected={chosen.has(session.id)} onChange={(on) => toggle(session.id, on)} help={t.account.seen(ago(session.lastSeenAt, now, undefined))}>
              {deviceOf(session.userAgent) ?? t.account.unknownDevice}
            </Checkbox>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
