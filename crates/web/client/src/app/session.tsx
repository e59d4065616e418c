/** Who is signed in, for everything below; and what happens when that ends. */
import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from "react";
import { ended, lastHeard, onEnded, remaining } from "../api/contact";
import { explain, isProblem } from "../api/problem";
import type { Me } from "../api/types";
import { knownZone } from "../i18n/format";
import { navigate } from "wouter/use-browser-location";
import { type Presence, presenceQuery, signOut, usePresenceCache } from "../resources/session";
import { clearToasts, toast } from "../ui/toasts";
import { uploads } from "../upload/manager";

export type Ending = "idle" | "server" | "out" | null;

interface Session {
  readonly presence: Presence | null | undefined;
  readonly error: unknown;
  /** Why nobody is signed in any more, for the sign-in page. */
  readonly ending: Ending;
  retry: () => void;
  enter: (presence: Presence) => void;
  leave: () => Promise<void>;
  end: (why: Exclude<Ending, null>) => void;
}

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const cache = usePresenceCache();
  const [ending, setEnding] = useState<Ending>(null);
  const query = useQuery(presenceQuery());
  const { data: presence, error, refetch } = query;

  const end = useCallback(
    (why: Exclude<Ending, null>) => {
      const wasIn = cache.forget();
      clearToasts();
      if (why === "out") uploads.clear();
      else uploads.holdForSignIn();
      if (wasIn) setEnding(why);
    },
    [cache],
  );

  useEffect(() => onEnded(() => end("server")), [end]);

  const enter = useCallback(
    (next: Presence) => {
      setEnding(null);
      uploads.signedIn(next.me.accountId, next.me.practice.uploadLimitBytes);
      cache.enter(next);
    },
    [cache],
  );

  const leave = useCallback(async () => {
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
    navigate("/", { replace: true });
    end("out");
    ended(true);
  }, [end]);

  useEffect(() => {
    if (presence) uploads.signedIn(presence.me.accountId, presence.me.practice.uploadLimitBytes);
  }, [presence]);

  const value = useMemo<Session>(
    () => ({ presence, error, ending, retry: () => void refetch(), enter, leave, end }),
    [presence, error, ending, refetch, enter, leave, end],
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
