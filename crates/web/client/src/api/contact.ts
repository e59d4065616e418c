/**
 * When the server last heard from this session, in this tab or another one, and what follows from that: how long
 * the session still lives. Nothing is stored; tabs tell each other over a BroadcastChannel.
 */
import type { Me } from "./types";

type Message = { kind: "contact"; at: number } | { kind: "signed-out" };

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("cutis-session");
const endings = new Set<() => void>();
let lastContact = 0;

/** An authenticated request was answered: the idle time starts anew. */
export function heard(at: number): void {
  if (at - lastContact > 2000) channel?.postMessage({ kind: "contact", at } satisfies Message);
  lastContact = Math.max(lastContact, at);
}

export function lastHeard(): number {
  return lastContact;
}

/** The session is over: the server said so, or the person did. */
export function ended(tellOthers: boolean): void {
  if (tellOthers) channel?.postMessage({ kind: "signed-out" } satisfies Message);
  for (const listener of endings) listener();
}

export function onEnded(listener: () => void): () => void {
  endings.add(listener);
  return () => endings.delete(listener);
}

const refusals = new Set<() => void>();

/** The server refused something because its disk is full. */
export function refusedForRoom(): void {
  for (const listener of refusals) listener();
}

export function onRefusedForRoom(listener: () => void): () => void {
  refusals.add(listener);
  return () => refusals.delete(listener);
}

channel?.addEventListener("message", (event: MessageEvent<Message>) => {
  if (event.data.kind === "contact") lastContact = Math.max(lastContact, event.data.at);
  else ended(false);
});

/** The end of a session as one answer described it, in this device's clock. */
export interface Lifetime {
  readonly idleMs: number;
  /** No activity moves this one; infinite when only idleness is known to end the session. */
  readonly absoluteEnd: number;
}

/**
 * The server's `expiresAt` is the nearer of the idle end and the absolute end. It is the idle end exactly when it lies
 * one idle time after the answer; then the absolute end is not known yet and cannot come before it.
 */
export function lifetime(session: Me["session"], serverNow: number, localNow: number): Lifetime {
  const idleMs = session.idleMinutes * 60_000;
  const left = Date.parse(session.expiresAt) - serverNow;
  const isIdleEnd = Math.abs(left - idleMs) < 5_000;
  return { idleMs, absoluteEnd: isIdleEnd || Number.isNaN(left) ? Number.POSITIVE_INFINITY : localNow + left };
}

/** Milliseconds until the session ends. */
export function remaining(life: Lifetime, contact: number, now: number): number {
  return Math.min(contact + life.idleMs, life.absoluteEnd) - now;
}
