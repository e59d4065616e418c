/**
 * Warns a minute before the session ends, and keeps it alive while a person works without sending requests
 * (drawing a signature, zooming): activity on the page asks the server again after a third of the idle time.
 */
import { useCallback, useEffect } from "react";
import { lastHeard } from "../api/contact";
import { t } from "../i18n";
import { type Presence, usePresenceCache } from "../resources/session";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { useSecondsLeft, useSession } from "./session";

const WARN_SECONDS = 60;

export function IdleGuard({ presence }: { presence: Presence }) {
  const { renew } = usePresenceCache();
  const { end, leave } = useSession();
  const left = useSecondsLeft(presence, WARN_SECONDS);
  const { life } = presence;

  const stay = useCallback(async () => {
    try {
      if (!(await renew())) end("server");
    } catch {
      // Without a connection the session cannot be prolonged; the countdown continues.
    }
  }, [renew, end]);

  useEffect(() => {
    let asking = false;
    const active = () => {
      const quiet = Date.now() - lastHeard();
      // Inside the last minute only the button counts: it is the question.
      if (asking || quiet < life.idleMs / 3 || quiet > life.idleMs - WARN_SECONDS * 1000) return;
      asking = true;
      void stay().finally(() => {
        asking = false;
      });
    };
    document.addEventListener("pointerdown", active, { passive: true });
    document.addEventListener("keydown", active);
    return () => {
      document.removeEventListener("pointerdown", active);
      document.removeEventListener("keydown", active);
    };
  }, [life, stay]);

  const absolute = left !== null && life.absoluteEnd < lastHeard() + life.idleMs;
  return (
    <Dialog
      role="alertdialog"
      size="sm"
      title={t.account.idleTitle}
      isOpen={left !== null}
      onClose={() => void stay()}
      actions={
        <>
          <Button look="quiet" onPress={() => void leave()}>
            {t.nav.signOut}
          </Button>
          <Button look="primary" autoFocus onPress={() => void stay()}>
            {t.account.idleStay}
          </Button>
        </>
      }
    >
      <p className="num">{absolute ? t.account.absoluteText(left ?? 0) : t.account.idleText(left ?? 0)}</p>
    </Dialog>
  );
}
