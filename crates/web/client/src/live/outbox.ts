/**
 * What one client has to send: its visits, one edit at a time over all of them, each kept on the device before it is sent. So an edit
 * that is not answered can be sent again to the letter after whatever happens, and the server, which keeps the last one of each client
 * and field, stores it once.
 */
import { VisitDraft, type DraftHost, type KeptVisit } from "./draft";
import type { FieldDraft, Flight } from "./field";
import { live as words } from "../i18n/live";
import { Socket, type Surroundings } from "./socket";
import type { Ack, Changed, ClashMessage, ClientMessage, Field, Refused, ServerMessage, Welcome } from "./wire";

/** The first edit after a pause goes after so long, in milliseconds, and the next of the same field not sooner than after the other. */
const FIRST = 300;
const NEXT = 2000;
/** How long typing is collected before it is kept on the device, in milliseconds. */
const KEEPING = 250;
/** After so long an edit is sent again that the server could not store. */
const AGAIN = 5000;
/** An edit is answered by then, or the connection is made anew. */
const ANSWER = 15_000;
/** The clock was set back: the next numbers are so much higher, in milliseconds, and twice as much each time. */
const FIRST_JUMP = 24 * 3_600_000;
const NUMBERED = new Set(["seq_passed", "seq_reused"]);
const DELAYED = new Set(["storage_full", "unavailable"]);

/** Where a client keeps what is not stored yet; null leaves nothing of that visit. */
export interface Keeper {
  readonly keep: (client: string, entry: string, visit: KeptVisit | null) => Promise<void>;
}

export interface OutboxHost {
  readonly keeper: () => Keeper | null;
  /** Something may be shown differently now. */
  readonly changed: () => void;
  readonly followed: (message: Changed | { readonly kind: "resync" }) => void;
  readonly ended: (why: "session_ended" | "handed_over") => void;
  readonly suspect: (answer: (isReachable: boolean) => void) => void;
}

interface InFlight {
  readonly draft: VisitDraft;
  readonly field: FieldDraft;
  readonly flight: Flight;
}

export class Outbox {
  readonly visits = new Map<string, VisitDraft>();
  readonly socket: Socket;
  private readonly watched = new Map<string, number>();
  private readonly hurried = new Set<VisitDraft>();
  /** What was typed since it was kept. */
  private readonly unkept = new Set<VisitDraft>();
  private readonly opening = new Map<number, VisitDraft>();
  /** Visits that somebody came to, and that were not opened since; whatever else opens one does so by itself. */
  private readonly called = new Set<VisitDraft>();
  private flying: InFlight | null = null;
  private seq = 0;
  private jump = FIRST_JUMP;
  private refs = 0;
  private since: string | null = null;
  private welcomeMark: string | null = null;
  private writing: Promise<void> = Promise.resolve();
  private cancelKeeping: (() => void) | null = null;
  private cancelPump: (() => void) | null = null;
  private cancelAnswer: (() => void) | null = null;
  private readonly draftHost: DraftHost;

  /** Who this is to the server; known before the connection is started. */
  client = "";

  constructor(
    private readonly outside: Surroundings,
    private readonly host: OutboxHost,
  ) {
    this.socket = new Socket(outside, {
      greeting: () => ({ client: this.client, since: this.since }),
      welcomed: (welcome) => this.welcomed(welcome),
      received: (message) => this.received(message),
      changed: () => this.statusChanged(),
      ended: host.ended,
      suspect: host.suspect,
    });
    this.draftHost = {
      now: outside.now,
      wait: outside.wait,
      connection: this.socket.status,
      changed: (draft) => this.changed(draft),
      hurry: (draft) => this.hurry(draft),
      reopen: (draft) => this.open(draft),
      here: (draft, field) => this.here(draft, field),
    };
  }

  /** How many changes are not stored yet. */
  count(): number {
    return [...this.visits.values()].reduce((sum, draft) => sum + draft.count(), 0);
  }

  /** Whether whatever is not stored yet is kept on the device. */
  isKept(): boolean {
    return [...this.visits.values()].every((draft) => draft.count() === 0 || (this.host.keeper() !== null && !this.unkept.has(draft)));
  }

  visit(patient: string, entry: string): VisitDraft {
    const found = this.visits.get(entry);
    if (found) return found;
    const draft = new VisitDraft(patient, entry, this.draftHost);
    this.visits.set(entry, draft);
    return draft;
  }

  /** Brings back what was kept. What is on the page already counts more. */
  restore(kept: KeptVisit): void {
    if (this.visits.get(kept.entry)?.count()) return;
    const draft = this.visit(kept.patient, kept.entry);
    draft.restore(kept);
    if (draft.isAdrift()) this.open(draft);
    const inFlight = draft.all().flatMap((field) => (field.flight ? [field.flight.seq] : []));
    this.seq = Math.max(this.seq, ...inFlight);
    this.pump();
  }

  show(draft: VisitDraft): () => void {
    this.visits.set(draft.id, draft);
    draft.shown += 1;
    if (draft.shown === 1) {
      this.called.add(draft);
      this.open(draft);
    }
    return () => {
      draft.shown -= 1;
      this.hurry(draft);
      if (draft.shown > 0) return;
      this.called.delete(draft);
      this.send({ kind: "leave", entry: draft.id });
    };
  }

  watch(patient: string): () => void {
    const before = this.watched.get(patient) ?? 0;
    this.watched.set(patient, before + 1);
    if (before === 0) this.send({ kind: "watch", ref: this.ref(), patient });
    return () => {
      const rest = (this.watched.get(patient) ?? 1) - 1;
      if (rest > 0) this.watched.set(patient, rest);
      else {
        this.watched.delete(patient);
        this.send({ kind: "unwatch", patient });
      }
    };
  }

  /** Keeps at once what was typed: the page may go. */
  keepNow(): Promise<void> {
    this.cancelKeeping?.();
    this.cancelKeeping = null;
    for (const draft of this.unkept) void this.keep(draft);
    return this.writing;
  }

  stop(): void {
    this.cancelPump?.();
    this.cancelAnswer?.();
    this.socket.stop();
  }

  /** Sends what was typed without waiting for more. */
  hurryAll(): void {
    for (const draft of this.visits.values()) this.hurry(draft);
  }

  /** Nothing of the person stays on this page. */
  clear(): void {
    this.stop();
    this.cancelKeeping?.();
    this.cancelKeeping = null;
    for (const drafts of [this.visits, this.watched, this.hurried, this.unkept, this.opening, this.called]) drafts.clear();
    this.flying = null;
    this.seq = 0;
    this.since = null;
    this.welcomeMark = null;
  }

  // What is typed

  private changed(draft: VisitDraft): void {
    this.unkept.add(draft);
    this.cancelKeeping ??= this.outside.wait(KEEPING, () => void this.keepNow());
    this.host.changed();
    draft.tell();
    this.pump();
  }

  private hurry(draft: VisitDraft): void {
    if (draft.count() === 0) return;
    this.hurried.add(draft);
    void this.keepNow();
    this.pump();
  }

  /** One after the other, and each with what there is when its turn comes. */
  private keep(draft: VisitDraft): Promise<void> {
    const former = this.writing;
    const write = async (): Promise<void> => {
      await former;
      const keeper = this.host.keeper();
      if (!keeper) return;
      const kept = draft.kept();
      this.unkept.delete(draft);
      try {
        await keeper.keep(this.client, draft.id, kept);
      } catch {
        // No room, or signed out in another tab: it stays on the page, which says so when it is closed.
        this.unkept.add(draft);
      }
      this.host.changed();
    };
    this.writing = write();
    return this.writing;
  }

  // What is sent

  private pump(): void {
    this.cancelPump?.();
    this.cancelPump = null;
    if (this.socket.status().kind !== "open" || this.flying) return;
    if (this.again()) return;
    const now = this.outside.now();
    let next: { readonly draft: VisitDraft; readonly field: FieldDraft; readonly at: number } | null = null;
    for (const draft of this.visits.values()) {
      if (!draft.canSend()) continue;
      for (const field of draft.all()) {
        if (!field.isSendable()) continue;
        const at = this.hurried.has(draft) ? now : Math.max((field.dirtySince ?? now) + FIRST, field.lastSent + NEXT);
        if (!next || at < next.at) next = { draft, field, at };
      }
      if (draft.count() === 0) this.hurried.delete(draft);
    }
    if (!next) return;
    if (next.at > now) this.cancelPump = this.outside.wait(next.at - now, () => this.pump());
    else this.launch(next.draft, next.field);
  }

  /** What was on its way when the connection was lost, or its page, is sent before anything else. */
  private again(): boolean {
    const all = [...this.visits.values()].flatMap((draft) => draft.all().map((field) => ({ draft, field })));
    const [first] = all.flatMap(({ draft, field }) => (field.flight ? [{ draft, field, flight: field.flight }] : [])).toSorted((one, other) => one.flight.seq - other.flight.seq);
    if (!first) return false;
    this.fly(first, true);
    return true;
  }

  private fly(flying: InFlight, isAgain: boolean): void {
    this.flying = flying;
    void this.note(flying, isAgain);
  }

  private launch(draft: VisitDraft, field: FieldDraft): void {
    if (field.isTooLong()) {
      field.fault = words.tooLong;
      this.changed(draft);
      return;
    }
    // A reloaded page does not know the numbers of the one before; the clock is ahead of them.
    this.seq = Math.max(this.seq + 1, this.outside.now());
    const flight = field.depart(this.seq, this.outside.now());
    if (!flight) return;
    if (!draft.all().some((it) => it.isSendable())) this.hurried.delete(draft);
    draft.tell();
    this.fly({ draft, field, flight }, false);
  }

  /** Before it is sent it is kept: after a crash the same edit must be known, to the letter. */
  private async note(flying: InFlight, isAgain: boolean): Promise<void> {
    await this.keep(flying.draft);
    if (this.flying === flying) this.transmit(flying, isAgain);
  }

  private transmit(flying: InFlight, isAgain: boolean): void {
    const { draft, field, flight } = flying;
    const { seq, base, change } = flight;
    this.cancelAnswer?.();
    this.cancelAnswer = this.outside.wait(ANSWER, () => {
      if (this.flying === flying) this.socket.again(ANSWER);
    });
    this.send({ kind: "edit", seq, patient: draft.patient, entry: draft.id, field: field.field, base, change, ...(isAgain && { again: true }) });
  }

  private send(message: ClientMessage): void {
    this.socket.send(message);
  }

  private ref(): number {
    this.refs += 1;
    return this.refs;
  }

  private open(draft: VisitDraft): void {
    // Without a connection it is opened with the next one.
    if (this.socket.status().kind !== "open") return;
    const ref = this.ref();
    this.opening.set(ref, draft);
    const isCalled = this.called.delete(draft);
    this.send({ kind: "open", ref, patient: draft.patient, entry: draft.id, ...(!isCalled && { again: true }) });
    if (draft.cursor) this.here(draft, draft.cursor);
  }

  private here(draft: VisitDraft, field: Field | null): void {
    if (draft.shown > 0) this.send({ kind: "presence", entry: draft.id, field });
  }

  // What is heard

  private statusChanged(): void {
    this.host.changed();
    for (const draft of this.visits.values()) draft.tell();
  }

  private welcomed({ since }: Welcome): void {
    // What was missed comes next; only then the new mark holds.
    if (this.since === null) this.since = since;
    else this.welcomeMark = since;
    this.opening.clear();
    this.flying = null;
    for (const patient of this.watched.keys()) this.send({ kind: "watch", ref: this.ref(), patient });
    for (const draft of this.visits.values()) if (draft.shown > 0 || draft.isAdrift()) this.open(draft);
    this.pump();
  }

  private received(message: Exclude<ServerMessage, { readonly kind: "welcome" | "pong" | "bye" }>): void {
    if ("since" in message) this.since = message.since;
    else if (this.welcomeMark !== null && (message.kind === "opened" || message.kind === "watching")) {
      this.since = this.welcomeMark;
      this.welcomeMark = null;
    }
    if (message.kind === "opened") {
      this.opening.delete(message.ref);
      this.visits.get(message.entry.id)?.opened(message.entry);
    } else if (message.kind === "ack" || message.kind === "clash") this.settle(message);
    else if (message.kind === "refused") this.refuse(message);
    else if (message.kind === "text") this.visits.get(message.entry)?.changed(message);
    else if (message.kind === "presence") this.visits.get(message.entry)?.present(message.others);
    else if (message.kind === "changed" || message.kind === "resync") this.host.followed(message);
  }

  private settle(message: Ack | ClashMessage): void {
    const { flying } = this;
    if (flying?.flight.seq !== message.seq) return;
    this.cancelAnswer?.();
    this.flying = null;
    this.answered(flying.draft);
    if (message.kind === "ack") flying.draft.acknowledged(message);
    else flying.draft.clashed(message);
  }

  private refuse(message: Refused): void {
    const { flying } = this;
    const opened = typeof message.ref === "number" ? this.opening.get(message.ref) : undefined;
    if (typeof message.ref === "number") this.opening.delete(message.ref);
    if (opened && DELAYED.has(message.code)) this.outside.wait(AGAIN, () => this.open(opened));
    else if (opened) opened.refused(message, null);
    if (typeof message.seq !== "number" || flying?.flight.seq !== message.seq) return;
    this.cancelAnswer?.();
    if (NUMBERED.has(message.code)) {
      this.seq += this.jump;
      this.jump *= 2;
    }
    if (DELAYED.has(message.code)) {
      this.outside.wait(AGAIN, () => {
        if (this.flying === flying) this.transmit(flying, true);
      });
    } else {
      this.flying = null;
      this.answered(flying.draft);
    }
    flying.draft.refused(message, flying.field);
  }

  /**
   * Keeps that an edit was answered, as it is once the answer was taken, and before the next one is kept and sent: of the edits on the
   * device only one may be open.
   */
  private answered(draft: VisitDraft): void {
    void this.keep(draft);
  }
}
