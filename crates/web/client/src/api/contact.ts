/**
 * When the server last heard from this session, in this tab or another one, and what follows from that: how long
 * the session still lives. Nothing is stored; tabs tell each other over a BroadcastChannel.
 */
import type { Me } from "./types";

type Message = { kind: "contact"; at: number } | { kind: "signed-out" } | { kind: "signed-in" };

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("cutis-session");
const endings = new Set<() => void>();
let lastContact = 0;
let sessions = 0;

/** An authenticated request was answered: the idle time starts anew. */
export function heard(at: number): void {
  if (at - lastContact > 2000) channel?.postMessage({ kind: "contact", at } satisfies Message);
  lastContact = Math.max(lastContact, at);
}

export function lastHeard(): number {
  return lastContact;
}

/** Which session of this tab it is, counted. What was asked in an earlier one says nothing about this one. */
export const sessionNumber = (): number => sessions;

const entries = new Set<() => void>();

/** A session began. When it did in this tab, the others, which share the cookie, look whose it is. */
export function began(isHere: boolean): void {
  sessions += 1;
  if (isHere) channel?.postMessage({ kind: "signed-in" } satisfies Message);
}

/** Somebody signed in in another tab. */
export function onBegunElsewhere(listener: () => void): () => void {
  entries.add(listener);
  return () => entries.delete(listener);
}

const farewells = new Set<() => void>();

/** What was kept of a person must go: they signed out, or someone else signed in. */
export function forgotten(): void {
  for (const listener of farewells) listener();
}

export function onForgotten(listener: () => void): () => void {
  farewells.add(listener);
  return () => farewells.delete(listener);
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

const handOvers = new Set<() => void>();

/** The server refused something because the device is in a patient's hands (N6). */
export function refusedForHandOver(): void {
  for (const listener of handOvers) listener();
}

export function onHandedOver(listener: () => void): () => void {
  handOvers.add(listener);
  return () => handOvers.delete(listener);
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

const signings = new Set<() => void>();

/** The server refused a change because the visit is signed: what is shown here is out of date (E5). */
export function refusedAsSigned(): void {
  for (const listener of signings) listener();
}

export function onRefusedAsSigned(listener: () => void): () => void {
  signings.add(listener);
  return () => signings.delete(listener);
}

channel?.addEventListener("message", (event: MessageEvent<Message>) => {
  if (event.data.kind === "contact") lastContact = Math.max(lastContact, event.data.at);
  else if (event.data.kind === "signed-out") ended(false);
  else for (const listener of entries) listener();
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
