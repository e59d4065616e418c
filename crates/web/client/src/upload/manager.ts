/** Drives the queue: holds the files, sends them, waits, and notifies its listeners. One for the whole client. */
import { onComeback } from "../api/reach";
import type { UploadDetails } from "../api/types";
import { bytes } from "../i18n/format";
import { Keeping, type Shelf, type Standing } from "./keeping";
import type { Source } from "./kept";
import * as q from "./queue";
import { previews } from "./previews";
import { askFor, type Sending, send } from "./send";

type Listener = () => void;

/** What the manager needs from outside; tests bring their own. */
export interface Surroundings {
  send: (item: q.Item, source: Source, onProgress: (sent: number) => void) => Sending;
  /** Asks whether a file arrived whose bytes are not here any more. */
  askFor: (item: q.Item) => Sending;
  now: () => number;
  random: () => number;
  newId: () => string;
  wait: (ms: number, then: () => void) => () => void;
  /** Opens what is kept on this device for the account with this key; the cause when nothing can be kept. */
  shelf: (key: string) => Promise<Shelf>;
  /** Deletes what is kept on this device, whoever's it is. */
  destroy: () => void;
}

/** Nothing is read for sending before it is `known` whether it can be added at all. */
const sourceOf = (file: File, known: Promise<void>): Source => ({ size: file.size, slice: (from, to) => known.then(() => file.slice(from, to)) });

/** Between files that were chosen together, so that they have an order. */
const ASIDE_MS = 0.001;

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
  askFor,
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
  private readonly shelf: Keeping;
  private readonly flights = new Map<string, Sending>();
  private readonly listeners = new Set<Listener>();
  private readonly storedListeners = new Set<(patientId: string) => void>();
  private cancelWake: (() => void) | null = null;
  private owner: string | null = null;
  private limit = Number.POSITIVE_INFINITY;
  /** The formats that the server reads; null until it has said so. */
  private readable: readonly string[] | null = null;

  constructor(private readonly outside: Surroundings = browser) {
    this.shelf = new Keeping({
      queue: () => this.queue,
      fileOf: (id) => this.files.get(id),
      now: outside.now,
      shelf: outside.shelf,
      restore: (former, sources) => {
        for (const [id, source] of sources) this.sources.set(id, source);
        this.set(q.restore(this.queue, former));
      },
      changed: (how) => (how === "list" ? this.set([...this.queue]) : this.tell()),
    });
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): q.Queue => this.queue;

  readonly keeping = (): Standing => this.shelf.snapshot();

  /** Whether closing the page would lose something. */
  isAtRisk(): boolean {
    return this.shelf.isAtRisk();
  }

  /** Called each time a file of a patient has reached an end that may show in the pool. */
  onArrived(listener: (patientId: string) => void): () => void {
    this.storedListeners.add(listener);
    return () => this.storedListeners.delete(listener);
  }

  /** Adds files that were chosen together; settles once each was looked at that can be told without the server. */
  add(whose: q.Whose, files: readonly File[]): Promise<void> {
    return this.choose(whose, files).known;
  }

  /** Adds files for a visit, which the server puts them into as it stores them; returns by what names the list knows them. */
  addTo(whose: q.Whose, entryId: string, files: readonly File[]): readonly string[] {
    return this.choose(whose, files, { entryId }).ids;
  }

  /**
   * Adds a photo of the camera with what is said of it; returns by what name the list knows it. It joins the one that was taken before
   * it in the same stay, so that the list counts them all.
   */
  addShot(whose: q.Whose, file: File, said: UploadDetails, after: string | null = null): string {
    const [id = ""] = this.choose(whose, [file], said, after).ids;
    return id;
  }

  private choose(whose: q.Whose, files: readonly File[], said?: UploadDetails, after: string | null = null): { readonly known: Promise<void>; readonly ids: readonly string[] } {
    const chosen = new Map(files.map((file) => [this.outside.newId(), file]));
    const known = this.readable === null ? Promise.resolve() : this.look(chosen, this.readable);
    const now = this.outside.now();
    const candidates = [...chosen].map(([id, file], place) => {
      this.files.set(id, file);
      this.sources.set(id, sourceOf(file, known));
      previews.prepare(id, file);
      return { id, key: this.outside.newId(), name: file.name || "image", size: file.size, chosenAt: now + place * ASIDE_MS, ...(said ? { said } : {}) };
    });
    this.set(q.add(this.queue, whose, candidates, this.limit, bytes(this.limit), after));
    void this.shelf.keepAll();
    return { known, ids: [...chosen.keys()] };
  }

  /** Refuses what can never be added, by the first bytes of each file, a moment after it was chosen and before it is sent. */
  private async look(chosen: ReadonlyMap<string, File>, readable: readonly string[]): Promise<void> {
    const kinds = await import("./kinds").catch(() => null);
    // Then the server tells.
    if (!kinds) return;
    const looked = await Promise.all([...chosen].map(async ([id, file]) => [id, await kinds.whyNot(file, readable)] as const));
    const reasons = new Map(looked.flatMap(([id, reason]) => (reason ? [[id, reason] as const] : [])));
    if (reasons.size === 0) return;
    for (const id of reasons.keys()) {
      this.flights.get(id)?.abort();
      this.flights.delete(id);
    }
    this.set(q.refuse(this.queue, reasons));
    void this.shelf.keepAll();
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
    this.shelf.close();
    this.set(q.holdForSession(this.queue));
  }

  /** A person signed in. Uploads of another person are discarded; what this one left here goes on. */
  signedIn(accountId: string, limit: number, queueKey: string | null = null, readable: readonly string[] | null = null): void {
    this.limit = limit;
    this.readable = readable;
    if (this.owner !== null && this.owner !== accountId) this.clear("for good");
    this.owner = accountId;
    this.set(q.sessionBack(this.queue));
    if (queueKey !== null) void this.shelf.open(queueKey);
  }

  /** Forgets everything on this page; for good, also what is kept on this device. */
  clear(how: "on this page" | "for good"): void {
    this.abortAll();
    this.shelf.close();
    this.owner = null;
    this.shelf.forget();
    this.set([]);
    if (how === "for good") this.outside.destroy();
  }

  private abortAll(): void {
    for (const flight of this.flights.values()) flight.abort();
    this.flights.clear();
  }

  private set(next: q.Queue): void {
    if (next !== this.queue) {
      this.queue = next;
      this.shelf.follow(next);
      const kept = new Set(next.map((item) => item.id));
      // Stored and refused files need no memory any more; failed ones may be sent again.
      const over = new Set(next.filter((item) => q.hasEnded(item) && item.state.kind !== "failed").map((item) => item.id));
      for (const held of [this.files, this.sources]) for (const id of held.keys()) if (!kept.has(id) || over.has(id)) held.delete(id);
      previews.keep(kept);
    }
    this.pump();
    this.shelf.stand();
    this.tell();
  }

  private tell(): void {
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
    const isGone = item.gone !== undefined;
    if (!source && !isGone) return;
    this.queue = q.start(this.queue, item.id);
    const flight = source && !isGone ? this.outside.send(item, source, (sent) => this.set(q.progress(this.queue, item.id, sent))) : this.outside.askFor(item);
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
    if (kind === "refused") void this.shelf.keepAll();
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
