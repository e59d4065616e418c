/** Who is signed in on this device. */
import { focusManager, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { http, serverTime, take } from "../api/client";
import { type Lifetime, lifetime } from "../api/contact";
import { cameBack } from "../api/reach";
import { isProblem } from "../api/problem";
import type { Me, SignIn } from "../api/types";
import type { Done } from "./pages";

const KEY = ["presence"] as const;

type PresenceListener = (session: Me["session"]) => Promise<void> | void;

/** Told of each session before anyone is shown as signed in. */
const presenceListeners = new Set<PresenceListener>();

export function onPresence(listener: PresenceListener): void {
  presenceListeners.add(listener);
}

export interface Presence {
  readonly me: Me;
  readonly life: Lifetime;
}

/** Reads who is signed in from an answer, with the end of the session in this device's clock. */
export async function presenceIn(call: Promise<{ data?: Me; error?: unknown; response: Response }>): Promise<Presence> {
  const answer = call.then((it) => ({ ...it, data: it.data && { me: it.data, at: serverTime(it.response) } }));
  const { me, at } = await take(answer);
  await Promise.all([...presenceListeners].map((listener) => listener(me.session)));
  return { me, life: lifetime(me.session, at, Date.now()) };
}

/** Null when nobody is signed in. */
async function getPresence(): Promise<Presence | null> {
  try {
    return await presenceIn(http.GET("/api/v1/session"));
  } catch (error) {
    if (isProblem(error) && error.status === 401) return null;
    throw error;
  }
}

export const presenceQuery = () => queryOptions({ queryKey: KEY, queryFn: getPresence, staleTime: Number.POSITIVE_INFINITY });

export const useSignIn = (done: Done<Presence>) =>
  useMutation({ mutationFn: (body: SignIn) => presenceIn(http.POST("/api/v1/session", { body })), onSuccess: done });

interface TakingBack {
  readonly username: string;
  readonly password: string;
  readonly hasEnded: boolean;
}

interface TakenBack {
  /** Null when nothing could be asked after the confirmation. */
  readonly presence: Presence | null;
  /** The former session had ended: they signed in anew. */
  readonly isNew: boolean;
}

/** Asks for the password of whoever is signed in, or was until their session ended, and who it is then (N6). */
export const useTakingBack = () =>
  useMutation({
    mutationFn: async ({ username, password, hasEnded }: TakingBack): Promise<TakenBack> => {
      try {
        if (!hasEnded) {
          await take(http.POST("/api/v1/session/confirmation", { body: { password } }));
          // The key of what is remembered is given again.
          return { presence: await getPresence().catch(() => null), isNew: false };
        }
      } catch (error) {
        if (!isProblem(error, "unauthenticated")) throw error;
      }
      return { presence: await presenceIn(http.POST("/api/v1/session", { body: { username, password } })), isNew: true };
    },
  });

/** Hands this device's session to a patient, whose consent is all that it opens from then on (N6). */
export const useHandOverSession = () =>
  useMutation({ mutationFn: (patientId: string) => take(http.POST("/api/v1/session/hand-over", { body: { patientId } })) });

export const signOut = (): Promise<unknown> => take(http.DELETE("/api/v1/session"));

/** What the cache knows of the session, for the one place that decides who is signed in. */
export function usePresenceCache() {
  const client = useQueryClient();
  return useMemo(
    () => ({
      enter: (next: Presence): void => {
        client.setQueryData(KEY, next);
      },
      /** Asks the server again, which prolongs the session. Returns null and changes nothing when the session has ended. */
      renew: async (): Promise<Presence | null> => {
        const next = await getPresence();
        if (next) client.setQueryData(KEY, next);
        return next;
      },
      /** N6: in a patient's hands the session has no key. */
      handedOver: (): void => {
        client.setQueryData<Presence | null>(KEY, (it) => it && { ...it, me: { ...it.me, session: { ...it.me.session, handedOver: true, sealKey: null, queueKey: null } } });
      },
      /** Whether anyone is signed in, or was until their session ended here. */
      isIn: (): boolean => Boolean(client.getQueryData(KEY)),
      /** The account of that person. */
      who: (): string | null => client.getQueryData<Presence | null>(KEY)?.me.accountId ?? null,
      /** Asks the server who it is now, and changes nothing. */
      ask: getPresence,
      /** While the session has ended but the page is kept, nothing asks by itself: it would be refused. */
      hold: (): void => focusManager.setFocused(false),
      /** The same person is back: what was refused in between is asked for again. */
      release: (): void => {
        focusManager.setFocused(undefined);
        void client.refetchQueries({ type: "active", predicate: (it) => it.state.status === "error" });
        cameBack();
      },
      /** Forgets the person and everything that was fetched for them. Returns whether anyone was signed in. */
      forget: (): boolean => {
        const wasIn = Boolean(client.getQueryData(KEY));
        focusManager.setFocused(undefined);
        client.setQueryData(KEY, null);
        client.removeQueries({ predicate: (it) => it.queryKey[0] !== KEY[0] });
        client.getMutationCache().clear();
        return wasIn;
      },
    }),
    [client],
  );
}
