/** Drives the queue: holds the files, sends them, waits, and notifies its listeners. One for the whole client. */
import { onComeback } from "../api/reach";
import { bytes } from "../i18n/format";
import * as q from "./queue";
import { previews } from "./previews";
import { type Sending, send } from "./send";

type Listener = () => void;

/** What the manager needs from outside; tests bring their own. */
export interface Surroundings {
  send: (item: q.Item, file: File, onProgress: (sent: number) => void) => Sending;
  now: () => number;
  random: () => number;
  newId: () => string;
  wait: (ms: number, then: () => void) => () => void;
}

/** A version 4 UUID, also where the page is not a secure context (plain HTTP while testing) and has no randomUUID. */
export function randomId(): string {
  const bytes16 = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes16].map((byte, index) => {
    const value = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte;
    return value.toString(16).padStart(2, "0");
  });
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const browser: Surroundings = {
  send,
  now: () => Date.now(),
  random: () => Math.random(),
  newId: randomId,
  wait: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

export class UploadManager {
  private queue: q.Queue = [];
  private readonly files = new Map<string, File>();
  private readonly flights = new Map<string, Sending>();
  private readonly listeners = new Set<Listener>();
  private readonly storedListeners = new Set<(patientId: string) => void>();
  private cancelWake: (() => void) | null = null;
  private owner: string | null = null;
  private limit = Number.POSITIVE_INFINITY;

  constructor(private readonly outside: Surroundings = browser) {}

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): q.Queue => this.queue;

  /** Called each time a file of a patient has reached an end that may show in the pool. */
  onArrived(listener: (patientId: string) => void): () => void {
    this.storedListeners.add(listener);
    return () => this.storedListeners.delete(listener);
  }

  add(whose: q.Whose, files: readonly File[]): void {
    const candidates = files.map((file) => {
      const id = this.outside.newId();
      this.files.set(id, file);
      previews.prepare(id, file);
      return { id, key: this.outside.newId(), name: file.name || "image", size: file.size };
    });
    this.set(q.add(this.queue, whose, candidates, this.limit, bytes(this.limit)));
  }

  /** Sends the files that waited for it; returns whether there were any. */
  consentGiven(patientId: string): boolean {
    const waited = this.queue.some((item) => item.patientId === patientId && item.state.kind === "held");
    this.set(q.consentGiven(this.queue, patientId));
    return waited;
  }

  retry(ids: readonly string[]): void {
    this.set(q.retry(this.queue, new Set(ids)));
  }

  remove(ids: readonly string[]): void {
    this.set(q.remove(this.queue, new Set(ids)));
  }

  wake(): void {
    this.set(q.wake(this.queue));
  }

  /** The session ended: files that are not sent yet wait until the same person signs in again. */
  holdForSignIn(): void {
    this.abortAll();
    this.set(q.holdForSession(this.queue));
  }

  /** A person signed in. Uploads of another person are discarded. */
  signedIn(accountId: string, limit: number): void {
    this.limit = limit;
    if (this.owner !== null && this.owner !== accountId) this.clear();
    this.owner = accountId;
    this.set(q.sessionBack(this.queue));
  }

  clear(): void {
    this.abortAll();
    this.owner = null;
    this.set([]);
  }

  isBusy(): boolean {
    return this.queue.some((item) => !q.hasEnded(item));
  }

  private abortAll(): void {
    for (const flight of this.flights.values()) flight.abort();
    this.flights.clear();
  }

  private set(next: q.Queue): void {
    if (next !== this.queue) {
      this.queue = next;
      const kept = new Set(next.map((item) => item.id));
      for (const id of this.files.keys()) if (!kept.has(id)) this.files.delete(id);
      previews.keep(kept);
      // Stored and refused files need no memory any more; failed ones may be sent again.
      for (const item of next) if (q.hasEnded(item) && item.state.kind !== "failed") this.files.delete(item.id);
    }
    this.pump();
    for (const listener of this.listeners) listener();
  }

  private pump(): void {
    for (const item of q.due(this.queue, this.outside.now())) this.launch(item);
    this.cancelWake?.();
    const at = q.nextWake(this.queue);
    this.cancelWake = at === null ? null : this.outside.wait(Math.max(0, at - this.outside.now()), () => this.set([...this.queue]));
  }

  private launch(item: q.Item): void {
    const file = this.files.get(item.id);
    if (!file) return;
    this.queue = q.start(this.queue, item.id);
    const flight = this.outside.send(item, file, (sent) => this.set(q.progress(this.queue, item.id, sent)));
    this.flights.set(item.id, flight);
    void this.land(item, flight);
  }

  private async land(item: q.Item, flight: Sending): Promise<void> {
    const answer = await flight.answer;
    // Aborted in the meantime; the queue already holds the outcome.
    if (this.flights.get(item.id) !== flight) return;
    this.flights.delete(item.id);
    this.set(q.settle(this.queue, item.id, answer, this.outside.now(), this.outside.random()));
    const kind = this.queue.find((it) => it.id === item.id)?.state.kind;
    if (kind === "stored" || kind === "duplicate" || kind === "held") {
      for (const listener of this.storedListeners) listener(item.patientId);
    }
  }
}

export const uploads = new UploadManager();

if (typeof window !== "undefined") {
  onComeback(() => uploads.wake());
  addEventListener("beforeunload", (event) => {
    if (uploads.isBusy()) event.preventDefault();
  });
}
