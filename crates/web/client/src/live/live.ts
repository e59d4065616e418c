/** The one live connection of this page, the visits that are open over it, and what else waits on this device. */
import { ended, refusedForHandOver } from "../api/contact";
import { openWire } from "../api/live";
import { awaySince, lookNow } from "../api/reach";
import { type LiveSession, liveState, type LiveState, onLiveState, onSettle, setKept } from "./bridge";
import { KeptEdits } from "./keptEdits";
import { Outbox } from "./outbox";
import { Rescue } from "./rescue";
import type { Surroundings } from "./socket";
import type { LiveStatus } from "./status";
import { claimClient, forgetClient, takeFrom } from "./tab";
import type { VisitDraft } from "./draft";
import type { VisitHandle } from "./view";
import type { Changed, What } from "./wire";

/** What the live connection of a page needs from outside; tests bring their own. */
export interface LiveSurroundings extends Surroundings {
  readonly claim: () => Promise<string>;
  readonly take: (client: string) => Promise<(() => void) | null>;
  /** Null when nothing can be kept on this device. */
  readonly shelf: (account: string) => Promise<KeptEdits | null>;
  readonly suspect: (answer: (isReachable: boolean) => void) => void;
  readonly ended: (why: "session_ended" | "handed_over") => void;
}

/** What was changed of a patient's record; `null`: nobody knows what, all of it may be. */
export type Follower = (what: ReadonlySet<What> | null) => void;

/** Changes of a record come in crowds, as when photos are added: they are told together, in milliseconds. */
const CROWD = 300;
/** The longest that opening what is kept may delay the connection. */
const SHELF = 5000;
/** How long signing out waits for what is on its way. */
const SETTLING = 3000;

export class Live {
  private readonly outbox: Outbox;
  private readonly rescue: Rescue;
  private readonly listeners = new Set<() => void>();
  private readonly followers = new Map<string, Set<Follower>>();
  private readonly crowds = new Map<string, Set<What> | null>();
  private cancelCrowd: (() => void) | null = null;
  private kept: KeptEdits | null = null;
  private session: LiveSession | null = null;
  private client: Promise<string> | null = null;

  constructor(private readonly outside: LiveSurroundings) {
    this.outbox = new Outbox(outside, {
      keeper: () => this.kept,
      changed: () => this.changed(),
      followed: (message) => this.followed(message),
      ended: outside.ended,
      suspect: outside.suspect,
    });
    this.rescue = new Rescue({ outside, take: outside.take, suspect: outside.suspect, changed: () => this.changed() });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly status = (): LiveStatus => this.outbox.socket.status();

  watch(patientId: string, follower: Follower): () => void {
    const all = this.followers.get(patientId) ?? new Set();
    this.followers.set(patientId, all.add(follower));
    const unwatch = this.outbox.watch(patientId);
    return () => {
      all.delete(follower);
      unwatch();
    };
  }

  visit(patientId: string, entryId: string): VisitHandle {
    const draft = this.outbox.visit(patientId, entryId);
    draft.foreign = this.rescue.leftOf(entryId);
    return draft;
  }

  /** Keeps the visit open as long as it is on screen. */
  show(handle: VisitHandle): () => void {
    return this.outbox.show(handle as VisitDraft);
  }

  /** The network, the page or the person is back. */
  wake(): void {
    for (const outbox of this.outboxes()) outbox.socket.wake();
  }

  /** The browser says that there is no network. */
  doubt(): void {
    for (const outbox of this.outboxes()) outbox.socket.doubt();
  }

  /** The page may be gone in a moment. */
  leave(): void {
    for (const outbox of this.outboxes()) {
      outbox.hurryAll();
      void outbox.keepNow();
    }
  }

  /** Sends what was typed, and is done when it is stored, or after three seconds. */
  settle(): Promise<void> {
    this.leave();
    return new Promise((resolve) => {
      const stop: (() => void)[] = [];
      const look = (isLate: boolean): void => {
        if (!isLate && this.count() > 0 && this.status().kind === "open") return;
        for (const it of stop) it();
        resolve();
      };
      stop.push(this.subscribe(() => look(false)), this.outside.wait(SETTLING, () => look(true)));
      look(false);
    });
  }

  /** Somebody signed in, or is not any more. */
  async follow(state: LiveState): Promise<void> {
    if (state.kind === "in") {
      if (this.session?.accountId === state.session.accountId && this.session.queueKey === state.session.queueKey) return;
      await this.begin(state.session);
      return;
    }
    const wasIn = this.session !== null;
    this.session = null;
    this.rescue.stop();
    if (state.kind === "held") {
      this.outbox.stop();
      if (wasIn) await this.outbox.keepNow();
    } else {
      this.outbox.clear();
      if (state.forGood) {
        forgetClient();
        this.client = null;
      }
    }
    if (this.session === null) this.close();
    this.changed();
  }

  private async begin(session: LiveSession): Promise<void> {
    this.session = session;
    const isStill = (): boolean => this.session === session;
    this.rescue.stop();
    this.close();
    this.client ??= this.outside.claim();
    const client = await this.client;
    if (!isStill()) return;
    this.outbox.client = client;
    const opening = session.queueKey === null ? Promise.resolve() : this.open(session.queueKey, client, isStill);
    // A database that hangs must not keep the person from working.
    await Promise.race([opening, new Promise<void>((late) => this.outside.wait(SHELF, late))]);
    if (isStill()) this.outbox.socket.start();
    this.changed();
  }

  private async open(account: string, client: string, isStill: () => boolean): Promise<void> {
    const kept = await this.outside.shelf(account).catch(() => null);
    if (!kept) return;
    const found = await kept.all().catch(() => []);
    if (!isStill()) {
      kept.close();
      return;
    }
    this.kept = kept;
    for (const it of found) if (it.client === client) this.outbox.restore(it.visit);
    this.rescue.start(kept, client);
    void this.outbox.keepNow();
  }

  private close(): void {
    this.kept?.close();
    this.kept = null;
  }

  private outboxes(): readonly Outbox[] {
    return [this.outbox, ...this.rescue.outboxes()];
  }

  private count(): number {
    return this.outboxes().reduce((sum, outbox) => sum + outbox.count(), 0);
  }

  private changed(): void {
    setKept(this.count(), this.outboxes().every((outbox) => outbox.isKept()));
    for (const draft of this.outbox.visits.values()) {
      const foreign = this.rescue.leftOf(draft.id);
      if (!foreign && !draft.foreign) continue;
      draft.foreign = foreign;
      draft.tell();
    }
    for (const listener of this.listeners) listener();
  }

  private followed(message: Changed | { readonly kind: "resync" }): void {
    const all = message.kind === "resync" || message.patient === null ? [...this.followers.keys()] : [message.patient];
    for (const patient of all) {
      const before = this.crowds.get(patient);
      if (message.kind === "resync") this.crowds.set(patient, null);
      else if (before !== null) this.crowds.set(patient, (before ?? new Set()).add(message.what));
    }
    this.cancelCrowd ??= this.outside.wait(CROWD, () => {
      this.cancelCrowd = null;
      const told = [...this.crowds];
      this.crowds.clear();
      for (const [patient, what] of told) for (const follower of this.followers.get(patient) ?? []) follower(what);
    });
  }
}

/** After so long it is known whether the server can be reached otherwise: its probe has an answer, or none. */
const PROBE = 6000;

const browser: LiveSurroundings = {
  now: () => Date.now(),
  random: () => Math.random(),
  wait: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  connect: openWire,
  claim: claimClient,
  take: takeFrom,
  shelf: (account) => KeptEdits.open(account, () => Date.now()).catch(() => null),
  suspect: (answer) => {
    lookNow();
    setTimeout(() => answer(awaySince() === null), PROBE);
  },
  ended: (why) => (why === "session_ended" ? ended(false) : refusedForHandOver()),
};

export const live = new Live(browser);

if (typeof window !== "undefined") {
  for (const event of ["online", "focus", "pageshow"]) addEventListener(event, () => live.wake());
  // Only a hint: a question that stays unanswered makes it known.
  addEventListener("offline", () => live.doubt());
  addEventListener("pagehide", () => live.leave());
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? live.leave() : live.wake()));
  onSettle(() => live.settle());
  onLiveState((state) => void live.follow(state));
  void live.follow(liveState());
}
