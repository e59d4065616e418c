/** Drives the queue: holds the files, sends them, waits, and notifies its listeners. One for the whole client. */
import { onComeback } from "../api/reach";
import { bytes } from "../i18n/format";
import type { Kept, NotKept, Source, Unable } from "./kept";
import { type Kind, kindOf, mayBe } from "./kinds";
import * as q from "./queue";
import { previews } from "./previews";
import { type Sending, send } from "./send";

type Listener = () => void;

/** What the manager needs from outside; tests bring their own. */
export interface Surroundings {
  send: (item: q.Item, source: Source, onProgress: (sent: number) => void) => Sending;
  now: () => number;
  random: () => number;
  newId: () => string;
  wait: (ms: number, then: () => void) => () => void;
  /** Opens what is kept on this device for the account with this key; the cause when nothing can be kept. */
  shelf: (key: string) => Promise<Shelf>;
  /** Deletes what is kept on this device, whoever's it is. */
  destroy: () => void;
}

export type Shelf = Pick<Kept, "own" | "takeOver" | "announce" | "refuse" | "keep" | "source" | "drop" | "close">;

/** What of the queue outlives a reload. */
export interface Standing {
  /** Files that are not in yet. */
  readonly left: number;
  /** How many of them are kept on this device. */
  readonly kept: number;
  readonly unable: Unable | null;
}

const NOTHING: Standing = { left: 0, kept: 0, unable: null };
const whyNot = (error: unknown): Unable => (error instanceof Error && "why" in error ? (error as NotKept).why : "browser");
const sourceOf = (file: File): Source => ({ size: file.size, slice: (from, to) => Promise.resolve(file.slice(from, to)) });

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
  shelf: async (key) => {
    const { Kept: Opened } = await import("./kept");
    return Opened.open(key);
  },
  destroy: () => {
    if (typeof indexedDB !== "undefined") indexedDB.deleteDatabase("cutis-queue");
  },
};

export class UploadManager {
  private queue: q.Queue = [];
  /** Files that were chosen on this page. */
  private readonly files = new Map<string, File>();
  private readonly sources = new Map<string, Source>();
  private shelf: Shelf | null = null;
  /** Whose shelf is open or being opened. */
  private shelfKey: string | null = null;
  /** Of which files the shelf knows, which it has whole, and of which only that they were refused. */
  private readonly announced = new Set<string>();
  private readonly kept = new Set<string>();
  private readonly noted = new Set<string>();
  private unable: Unable | null = null;
  private isKeeping = false;
  private standing: Standing = NOTHING;
  private readonly flights = new Map<string, Sending>();
  private readonly listeners = new Set<Listener>();
  private readonly storedListeners = new Set<(patientId: string) => void>();
  private cancelWake: (() => void) | null = null;
  private owner: string | null = null;
  private limit = Number.POSITIVE_INFINITY;
  /** The formats that the server reads; null until it has said so. */
  private readable: readonly string[] | null = null;

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
    if (this.readable !== null && files.some(mayBe)) void this.addKnown(whose, files, this.readable);
    else this.take(whose, files);
  }

  /** Adds files once it is known of which kind they are, a moment later. */
  private async addKnown(whose: q.Whose, files: readonly File[], readable: readonly string[]): Promise<void> {
    const { owner } = this;
    const kinds = await Promise.all(files.map(kindOf));
    // Nobody else's, if somebody else signed in within that moment.
    if (this.owner === owner) this.take(whose, files, kinds.map((kind) => (kind && !readable.includes(kind) ? kind : null)));
  }

  private take(whose: q.Whose, files: readonly File[], unreadable: readonly (Kind | null)[] = []): void {
    const candidates = files.map((file, index) => {
      const id = this.outside.newId();
      this.files.set(id, file);
      this.sources.set(id, sourceOf(file));
      previews.prepare(id, file);
      return { id, key: this.outside.newId(), name: file.name || "image", size: file.size, unreadable: unreadable[index] ?? null };
    });
    this.set(q.add(this.queue, whose, candidates, this.limit, bytes(this.limit)));
    void this.keepAll();
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
    this.closeShelf();
    this.set(q.holdForSession(this.queue));
  }

  /** A person signed in. Uploads of another person are discarded; what this one left here goes on. */
  signedIn(accountId: string, limit: number, queueKey: string | null = null, readable: readonly string[] | null = null): void {
    this.limit = limit;
    this.readable = readable;
    if (this.owner !== null && this.owner !== accountId) this.clear("for good");
    this.owner = accountId;
    this.set(q.sessionBack(this.queue));
    if (queueKey !== null) void this.openShelf(queueKey);
  }

  /** Forgets everything on this page; for good, also what is kept on this device. */
  clear(how: "on this page" | "for good"): void {
    this.abortAll();
    this.closeShelf();
    this.owner = null;
    this.forgetShelf();
    this.set([]);
    if (how === "for good") this.outside.destroy();
  }

  readonly keeping = (): Standing => this.standing;

  private closeShelf(): void {
    this.shelf?.close();
    this.shelf = null;
    this.shelfKey = null;
  }

  private forgetShelf(): void {
    for (const ids of [this.announced, this.kept, this.noted]) ids.clear();
  }

  private async openShelf(key: string): Promise<void> {
    if (this.shelfKey === key) return;
    this.closeShelf();
    this.shelfKey = key;
    const isStill = () => this.shelfKey === key;
    try {
      const shelf = await this.outside.shelf(key);
      if (!isStill()) {
        shelf.close();
        return;
      }
      const former = await shelf.takeOver(this.outside.now(), new Set(this.queue.map((item) => item.id)));
      const own = await shelf.own();
      if (!isStill()) return;
      this.shelf = shelf;
      this.unable = null;
      this.forgetShelf();
      for (const [id, far] of own) {
        this.announced.add(id);
        if (far === "whole") this.kept.add(id);
        if (far === "refused") this.noted.add(id);
      }
      // What came from the shelf before the session ended is read through the new one.
      const sizes = new Map([...this.queue, ...former].map((item) => [item.id, item.size]));
      for (const id of this.kept) if (!this.files.has(id)) this.sources.set(id, shelf.source(id, sizes.get(id) ?? 0));
      this.set(q.restore(this.queue, former));
      await this.keepAll();
    } catch (error) {
      if (!isStill()) return;
      this.unable = whyNot(error);
      this.set([...this.queue]);
    }
  }

  /** Keeps what was chosen on this page, one file after the other; first of all what was refused, and which ones there are. */
  private async keepAll(): Promise<void> {
    const using = this.shelf;
    if (this.isKeeping || !using) return;
    this.isKeeping = true;
    try {
      for (let item = this.toKeep(); item && this.shelf === using; item = this.toKeep()) {
        // oxlint-disable-next-line no-await-in-loop -- one file after the other
        await this.keepOne(using, item);
        // Also takes off what came in meanwhile.
        if (this.shelf === using) this.set([...this.queue]);
      }
    } catch (error) {
      if (this.shelf === using) this.unable = whyNot(error);
      this.set([...this.queue]);
    } finally {
      this.isKeeping = false;
    }
    // The session ended and began again while a file was being kept.
    if (this.shelf !== using) await this.keepAll();
  }

  /** What is to be done on the shelf next. */
  private toKeep(): q.Item | undefined {
    const isUnsaid = (item: q.Item) => item.state.kind === "refused" && !this.noted.has(item.id);
    const waits = (item: q.Item) => this.waitsForShelf(item);
    return this.queue.find(isUnsaid) ?? this.queue.find((item) => waits(item) && !this.announced.has(item.id)) ?? this.queue.find(waits);
  }

  private waitsForShelf(item: q.Item): boolean {
    return !q.hasEnded(item) && this.files.has(item.id) && !this.kept.has(item.id);
  }

  private async keepOne(shelf: Shelf, { id, key, patientId, patientName, name, size, state }: q.Item): Promise<void> {
    const facts = { key, patientId, patientName, name, size, at: this.outside.now() };
    const isStill = () => this.shelf === shelf;
    if (state.kind === "refused") {
      this.noted.add(id);
      await shelf.refuse(id, { ...facts, refusal: state.reason });
      if (isStill()) this.announced.add(id);
      return;
    }
    const file = this.files.get(id);
    if (!file) return;
    if (this.announced.has(id)) {
      const isWanted = () => isStill() && this.queue.some((it) => it.id === id && this.waitsForShelf(it));
      if ((await shelf.keep(id, file, isWanted)) && isStill()) this.kept.add(id);
      return;
    }
    await shelf.announce(id, facts);
    // Only now: what was taken off the list meanwhile is deleted after it was written, not before.
    if (isStill()) this.announced.add(id);
  }

  private dropKept(next: q.Queue): void {
    const wanted = new Set(next.filter((item) => !q.hasEnded(item) || q.isOut(item)).map((item) => item.id));
    for (const id of this.announced) {
      if (wanted.has(id) || !this.shelf) continue;
      for (const ids of [this.announced, this.kept, this.noted]) ids.delete(id);
      void this.shelf.drop(id).catch(() => undefined);
    }
    const left = next.filter((item) => !q.hasEnded(item));
    const kept = left.filter((item) => this.kept.has(item.id)).length;
    if (left.length === 0) this.unable = null;
    const { standing, unable } = this;
    if (standing.left !== left.length || standing.kept !== kept || standing.unable !== unable) this.standing = { left: left.length, kept, unable };
  }

  /** Whether closing the page would lose something. */
  isAtRisk(): boolean {
    return this.queue.some((item) => !q.hasEnded(item) && !this.kept.has(item.id));
  }

  private abortAll(): void {
    for (const flight of this.flights.values()) flight.abort();
    this.flights.clear();
  }

  private set(next: q.Queue): void {
    if (next !== this.queue) {
      this.queue = next;
      this.dropKept(next);
      const kept = new Set(next.map((item) => item.id));
      // Stored and refused files need no memory any more; failed ones may be sent again.
      const over = new Set(next.filter((item) => q.hasEnded(item) && item.state.kind !== "failed").map((item) => item.id));
      for (const held of [this.files, this.sources]) for (const id of held.keys()) if (!kept.has(id) || over.has(id)) held.delete(id);
      previews.keep(kept);
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
    const source = this.sources.get(item.id);
    if (!source) return;
    this.queue = q.start(this.queue, item.id);
    const flight = this.outside.send(item, source, (sent) => this.set(q.progress(this.queue, item.id, sent)));
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
    if (kind === "refused") void this.keepAll();
    if (kind === "stored" || kind === "duplicate" || kind === "held") {
      for (const listener of this.storedListeners) listener(item.patientId);
    }
  }
}

export const uploads = new UploadManager();

if (typeof window !== "undefined") {
  onComeback(() => uploads.wake());
  addEventListener("beforeunload", (event) => {
    if (uploads.isAtRisk()) event.preventDefault();
  });
}
