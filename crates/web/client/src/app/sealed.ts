/**
 * What the client remembers of a person's work while their session lasts (F11): the search, the patients opened last. In memory,
 * and in sessionStorage for a reload, sealed there with a key that the server gives to this session alone (C40): without the
 * session nobody can read it. Only secure contexts can seal; elsewhere memory has to do.
 */
import { useCallback, useSyncExternalStore } from "react";
import { onForgotten } from "../api/contact";

export const SEALED = "cutis.sealed";
const NONCE = 12;

let values: Readonly<Record<string, unknown>> = {};
let key: CryptoKey | null = null;
let opened: string | null = null;
let writing: Promise<void> = Promise.resolve();
/** How often everything was forgotten, and how often the key was put away: what began before is out of date. */
let forgets = 0;
let putsAway = 0;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

const storage = (): Storage | null => {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
};

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (it) => it.charCodeAt(0));
const textOf = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

async function unsealed(by: CryptoKey): Promise<Record<string, unknown>> {
  const kept = storage()?.getItem(SEALED);
  if (!kept) return {};
  try {
    const bytes = bytesOf(kept);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, NONCE) }, by, bytes.slice(NONCE));
    return JSON.parse(new TextDecoder().decode(plain)) as Record<string, unknown>;
  } catch {
    // Of another session.
    storage()?.removeItem(SEALED);
    return {};
  }
}

/** The session's key is known: what was sealed with it is there again. What is in memory already counts more. */
export async function unseal(sealKey: string | null): Promise<void> {
  if (sealKey === null || sealKey === opened || typeof crypto === "undefined" || !crypto.subtle) return;
  const began = putsAway;
  // What was put away is written before it is read.
  await writing.catch(() => undefined);
  const next = await crypto.subtle.importKey("raw", bytesOf(sealKey), "AES-GCM", false, ["encrypt", "decrypt"]);
  const former = await unsealed(next);
  // Handed over or signed out in the meantime: the key is not for whoever holds the device now.
  if (began !== putsAway) return;
  values = { ...former, ...values };
  key = next;
  opened = sealKey;
  seal();
  tell();
}

function seal(): void {
  const by = key;
  if (!by) return;
  const former = writing;
  const round = forgets;
  const kept = values;
  const write = async () => {
    await former;
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, by, new TextEncoder().encode(JSON.stringify(kept)));
    // Signed out in the meantime: nothing may stay.
    if (round === forgets) storage()?.setItem(SEALED, textOf(new Uint8Array([...nonce, ...new Uint8Array(sealed)])));
  };
  writing = write();
}

export function remember(name: string, value: unknown): void {
  values = { ...values, [name]: value };
  seal();
  tell();
}

export const recall = (name: string): unknown => values[name];

/**
 * N6: the device is in a patient's hands. Memory is emptied, the key too; what stays is sealed, and the server gives its key again
 * only when the password was given.
 */
export function putAway(): void {
  putsAway += 1;
  values = {};
  key = null;
  opened = null;
  tell();
}

onForgotten(() => {
  forgets += 1;
  putAway();
  storage()?.removeItem(SEALED);
});

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Like useState, and still there on Back and after a reload. */
export function useRemembered<T>(name: string, start: T): [T, (next: T) => void] {
  const value = useSyncExternalStore(subscribe, () => (name in values ? (values[name] as T) : start));
  const set = useCallback((next: T) => remember(name, next), [name]);
  return [value, set];
}
