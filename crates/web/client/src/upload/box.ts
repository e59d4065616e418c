/**
 * What this device keeps for one account, sealed: the box. The key is made of the account's own, which the server gives after signing
 * in, and of chance that lies beside the records. Signing out deletes that chance with everything else, so nothing can be opened any
 * more. Uploads and unsent edits share it. Loaded only when somebody is signed in.
 */

const DATABASE = "cutis-queue";
/** 2: with edits. */
const VERSION = 2;
const STORES: Readonly<Record<string, IDBObjectStoreParameters>> = { box: {}, items: { keyPath: "id" }, chunks: {}, edits: { keyPath: "id" } };
const NONCE = 12;
/** Older things are not opened any more. */
export const LONGEST_MS = 7 * 24 * 3_600_000;
const INFO = new TextEncoder().encode("cutis queue 1");

/** Why nothing is kept: no room, or something else that this browser does not do. */
export type Unable = "room" | "browser";
export class NotKept extends Error {
  constructor(readonly why: Unable) {
    super(`not kept: ${why}`);
  }
}

export const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("the database failed")));
  });

export const ended = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    for (const event of ["abort", "error"]) transaction.addEventListener(event, () => reject(transaction.error ?? new Error("the transaction failed")));
  });

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, VERSION);
  request.addEventListener("upgradeneeded", () => {
    const { result } = request;
    for (const [name, options] of Object.entries(STORES)) if (!result.objectStoreNames.contains(name)) result.createObjectStore(name, options);
  });
  const database = await done(request);
  // Signed out, here or in another tab: it is going to be deleted.
  database.addEventListener("versionchange", () => database.close());
  return database;
}

export const deleteAll = (): Promise<void> =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(DATABASE);
    for (const event of ["success", "error", "blocked"]) request.addEventListener(event, () => resolve());
  });

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (it) => it.charCodeAt(0));

async function keyOf(account: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey("raw", fromBase64(account), "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt, info: INFO }, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Bound to its place: a chunk does not open as another one, or as another file's. */
export const placed = (id: string, part: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(`${id}\n${part}`);

export async function seal(key: CryptoKey, place: Uint8Array<ArrayBuffer>, plain: BufferSource): Promise<ArrayBuffer> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: place }, key, plain);
  const whole = new Uint8Array(NONCE + sealed.byteLength);
  whole.set(nonce);
  whole.set(new Uint8Array(sealed), NONCE);
  return whole.buffer;
}

export const unseal = (key: CryptoKey, place: Uint8Array<ArrayBuffer>, sealed: ArrayBuffer): Promise<ArrayBuffer> =>
  crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.slice(0, NONCE), additionalData: place }, key, sealed.slice(NONCE));

export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

/** Whether this page can keep anything at all: not over plain HTTP, and not where a browser has no database for it. */
export const canKeep = (): boolean => typeof indexedDB !== "undefined" && typeof crypto !== "undefined" && Boolean(crypto.subtle);

/** Of two pages that begin at once, one after the other looks at what is free. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return work();
  return navigator.locks.request("cutis-queue", work);
}

export interface Box {
  readonly database: IDBDatabase;
  readonly key: CryptoKey;
}

/** Opens what is kept for this account, and deletes what was kept for another one. */
export async function openBox(account: string): Promise<Box> {
  if (!canKeep()) throw new NotKept("browser");
  return alone(() => openAlone(account));
}

async function openAlone(account: string): Promise<Box> {
  let database: IDBDatabase;
  try {
    database = await openDatabase();
    const box = (await done(database.transaction("box").objectStore("box").get("box"))) as { salt: Uint8Array<ArrayBuffer>; check: ArrayBuffer } | undefined;
    if (box) {
      const key = await keyOf(account, box.salt);
      const isTheirs = await unseal(key, placed("box", "check"), box.check).then(() => true, () => false);
      if (isTheirs) return { database, key };
      // Another person signed in: nothing of the one before stays.
      database.close();
      await deleteAll();
      database = await openDatabase();
    }
    const salt = crypto.getRandomValues(new Uint8Array(32));
    const key = await keyOf(account, salt);
    const check = await seal(key, placed("box", "check"), new Uint8Array(1));
    const writing = database.transaction("box", "readwrite");
    writing.objectStore("box").add({ salt, check }, "box");
    await ended(writing);
    void navigator.storage?.persist?.().catch(() => false);
    return { database, key };
  } catch (error) {
    throw new NotKept(isFull(error) ? "room" : "browser");
  }
}
