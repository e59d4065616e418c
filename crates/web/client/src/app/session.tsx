/** Who is signed in, for everything below; and what happens when that ends. */
import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { began, ended, forgotten, lastHeard, onBegunElsewhere, onEnded, remaining } from "../api/contact";
import { explain, isProblem } from "../api/problem";
import type { Me } from "../api/types";
import { t } from "../i18n";
import { knownZone } from "../i18n/format";
import { keptEdits, setLiveState, settleEdits } from "../live/bridge";
import { onPresence, type Presence, presenceQuery, signOut, usePresenceCache } from "../resources/session";
import { clearToasts, toast } from "../ui/toasts";
import { asking, discardAll, discarding } from "../ui/unsaved";
import { uploads } from "../upload/manager";
import { tally } from "../upload/queue";
import { move } from "./place";
import { unseal } from "./sealed";
import { keepWorkplace } from "./workplace";
import { heardOf, onMarkGone, takeBack, useHandOver } from "./handOver";

export type Ending = "idle" | "server" | "out" | null;

interface Session {
  /** Who is signed in; while `lock` is set, whose session ended and whose page is kept under the sheet. */
  readonly presence: Presence | null | undefined;
  readonly error: unknown;
  /** Why nobody is signed in any more, for the sign-in page. */
  readonly ending: Ending;
  /** R0: the session ended while the person was at work. The page stays, and only a sign-in leads back to it. */
  readonly lock: "idle" | "server" | null;
  retry: () => void;
  enter: (presence: Presence) => void;
  leave: () => Promise<void>;
  end: (why: Exclude<Ending, null>) => void;
}

onPresence(({ sealKey, handedOver }) => {
  if (handedOver) heardOf(true);
  return unseal(sealKey);
});

/** What waits to be sent goes on, by the limits of this server. */
function signedInTo({ accountId, practice, session }: Me): void {
  uploads.signedIn(accountId, practice.uploadLimitBytes, session.queueKey, practice.imageFormats);
  setLiveState({ kind: "in", session: { accountId, queueKey: session.queueKey ?? null } });
}

/** What waits to be sent is held until the same person signs in again. */
function holdWaiting(): void {
  uploads.holdForSignIn();
  setLiveState({ kind: "held" });
}

const SessionContext = createContext<Session | null>(null);
const HOUR = 3_600_000;

export function SessionProvider({ children }: { children: ReactNode }) {
  const cache = usePresenceCache();
  const [ending, setEnding] = useState<Ending>(null);
  const [lock, setLock] = useState<Session["lock"]>(null);
  const isLocked = useRef(false);
  const query = useQuery(presenceQuery());
  const { data: presence, error, refetch } = query;

  /** Nothing of the person stays. */
  const forget = useCallback(
    (why: Ending) => {
      isLocked.current = false;
      setLock(null);
      if (cache.forget()) setEnding(why);
      // Only a session that ended by itself leaves what waits on this device (R0): its person will sign in again.
      const forGood = why !== "idle" && why !== "server";
      setLiveState({ kind: "out", forGood });
      uploads.clear(forGood ? "for good" : "on this page");
      clearToasts();
      discardAll();
      forgotten();
    },
    [cache],
  );

  const end = useCallback(
    (why: Exclude<Ending, null>) => {
      if (why === "out") return forget("out");
      if (!cache.isIn() || isLocked.current) return undefined;
      isLocked.current = true;
      keepWorkplace();
      holdWaiting();
      clearToasts();
      cache.hold();
      return setLock(why);
    },
    [cache, forget],
  );

  useEffect(() => onEnded(() => end("server")), [end]);

  // What is kept under the sheet is kept no longer than a session may last.
  const keptHours = presence?.me.session.absoluteHours;
  useEffect(() => {
    if (lock === null || keptHours === undefined) return undefined;
    const timer = setTimeout(() => forget(lock), keptHours * HOUR);
    return () => clearTimeout(timer);
  }, [lock, keptHours, forget]);

  const adopt = useCallback(
    (next: Presence, isHere: boolean) => {
      const kept = cache.who();
      if (kept !== null && kept !== next.me.accountId) {
        // Another person starts afresh, and at the beginning.
        forget(null);
        move("/", { replace: true });
      }
      began(isHere);
      setEnding(null);
      isLocked.current = false;
      setLock(null);
      cache.enter(next);
      // Another tab may have signed in, and handed over since.
      if (next.me.session.handedOver) return;
      // The password was given just now.
      takeBack();
      signedInTo(next.me);
      if (kept === next.me.accountId) cache.release();
    },
    [cache, forget],
  );
  const enter = useCallback((next: Presence) => adopt(next, true), [adopt]);

  useEffect(() => {
    // The cookie belongs to all tabs: whose session is it now?
    const look = async () => {
      try {
        const next = await cache.ask();
        if (next) adopt(next, false);
      } catch {
        // Without an answer the sheet stays, and signing in there helps too.
      }
    };
    return onBegunElsewhere(() => void look());
  }, [cache, adopt]);

  const leave = useCallback(async () => {
    await new Promise<void>((go) => discarding(go));
    await settleEdits();
    const edits = keptEdits();
    if (edits > 0 && !(await asking({ title: t.discard.editsTitle, text: t.discard.editsText(edits), yes: t.discard.editsYes, no: t.discard.editsNo }))) return;
    const { left } = tally(uploads.snapshot());
    const { signOutTitle: title, signOutText, signOutYes: yes, signOutNo: no } = t.upload;
    if (left > 0 && !(await asking({ title, text: signOutText(left), yes, no }))) return;
    try {
      await signOut();
    } catch (refusal) {
      // Still signed in: only the server can clear the cookie. Saying otherwise would leave the record open.
      if (!isProblem(refusal, "unauthenticated")) {
        toast(explain(refusal), "bad");
        return;
      }
    }
    // The next person starts at the beginning, not at this person's patient.
    move("/", { replace: true });
    end("out");
    ended(true);
  }, [end]);

  const { isHandedOver } = useHandOver();
  // The mark of a hand-over that has ended is not shown for a moment either. Once the session has ended nothing says so.
  useLayoutEffect(() => {
    if (presence && !presence.me.session.handedOver && !isLocked.current) heardOf(false);
  }, [presence]);
  useEffect(() => {
    if (presence && lock === null && !isHandedOver) signedInTo(presence.me);
  }, [presence, lock, isHandedOver]);

  // N6: in a patient's hands nothing asks or sends by itself: it would be refused.
  useEffect(() => {
    if (!isHandedOver) return undefined;
    holdWaiting();
    cache.hold();
    cache.handedOver();
    return cache.release;
  }, [isHandedOver, cache]);

  useEffect(() => {
    const look = async () => {
      try {
        const next = await cache.renew();
        if (next && !next.me.session.handedOver) takeBack();
      } catch {
        // Without an answer it is not known to be back; the password helps.
      }
    };
    return onMarkGone(() => void look());
  }, [cache]);

  const value = useMemo<Session>(
    () => ({ presence, error, ending, lock, retry: () => void refetch(), enter, leave, end }),
    [presence, error, ending, lock, refetch, enter, leave, end],
  );
  return <SessionContext value={value}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("useSession outside SessionProvider");
  return session;
}

/** The signed-in person; only below the shell, where there is one. */
export function useMe(): Me {
  const { presence } = useSession();
  if (!presence) throw new Error("useMe while nobody is signed in");
  return presence.me;
}

export function useZone(): string | undefined {
  return knownZone(useMe().practice.timeZone);
}

/** Seconds left when the end of the session is near, else null. */
export function useSecondsLeft(presence: Presence, warnFrom: number): number | null {
  const { end } = useSession();
  const [left, setLeft] = useState<number | null>(null);
  const { life } = presence;
  useEffect(() => {
    const look = () => {
      const ms = remaining(life, lastHeard(), Date.now());
      if (ms <= -1000) end("idle");
      else setLeft(ms <= warnFrom * 1000 ? Math.max(0, Math.ceil(ms / 1000)) : null);
    };
    look();
    const timer = setInterval(look, 1000);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [life, warnFrom, end]);
  return left;
}
