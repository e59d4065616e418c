/**
 * Who this page is to the server: an id that a reload keeps and no other page has. sessionStorage is copied when a tab is duplicated
 * (case 6), so the id belongs to whoever holds its lock; the lock goes with the page, and what the page left can be taken over then.
 */
import { randomId } from "../upload/manager";

const KEY = "cutis.client";
/** A reload may come before its former page is gone, in milliseconds. */
const PATIENCE = 1000;

const lockOf = (client: string): string => `cutis-live-${client}`;

const storage = (): Storage | null => {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
};

/** Holds the id as long as this page lives. False when another page does. */
function hold(client: string, patience: number): Promise<boolean> {
  return new Promise((resolve) => {
    const forever = (lock: unknown): Promise<void> | undefined => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<never>(() => undefined);
    };
    navigator.locks.request(lockOf(client), { signal: AbortSignal.timeout(patience) }, forever).catch(() => resolve(false));
  });
}

export async function claimClient(): Promise<string> {
  const fresh = randomId();
  // Without locks nothing can be kept either: each page is another client.
  if (typeof navigator === "undefined" || !navigator.locks) return fresh;
  const former = storage()?.getItem(KEY);
  if (former && (await hold(former, PATIENCE))) return former;
  await hold(fresh, PATIENCE);
  storage()?.setItem(KEY, fresh);
  return fresh;
}

/** Another person begins as another client. */
export const forgetClient = (): void => storage()?.removeItem(KEY);

/** Takes what a page left, if it is gone. Gives what to call once that is done; null when it is alive. */
export function takeFrom(client: string): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    const work = (lock: unknown): Promise<void> | undefined => {
      if (lock !== null) return new Promise((release) => resolve(() => release()));
      resolve(null);
      return undefined;
    };
    if (typeof navigator === "undefined" || !navigator.locks) resolve(null);
    else navigator.locks.request(lockOf(client), { ifAvailable: true }, work).catch(() => resolve(null));
  });
}
