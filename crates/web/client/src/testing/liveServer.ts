/** A server of live sync for tests, as docs/LIVE.md says, with a network in between that loses what the test wants lost. */
import type { Wire, WireEvents } from "../api/live";
import { merge } from "../live/merge";
import { apply, between, hashOf } from "../live/text";
import type { ClientMessage, EditMessage, Field, ServerMessage, Splice } from "../live/wire";
import type { Clock } from "./clock";

const BY = { username: "amal.okafor", name: "Amal Okafor" };

/** What an edit says: `again` is no part of it. */
export const bodyOf = (edit: EditMessage): string => JSON.stringify({ ...edit, again: undefined });

interface Visit {
  readonly id: string;
  readonly patient: string;
  values: Record<Field, string>;
  versions: Record<Field, number>;
  signedAt: string | null;
}

interface Ledger {
  seq: number;
  body: string;
  answer: ServerMessage;
}

interface Connection {
  readonly events: WireEvents;
  client: string | null;
  readonly open: Set<string>;
  readonly watched: Set<string>;
  isCut: boolean;
  /** Something of it was lost: nothing comes after that, as with TCP. */
  isDead: boolean;
  /** When the last message arrives that is on its way: none overtakes another. */
  arrival: number;
}

export class LiveServer {
  readonly visits = new Map<string, Visit>();
  /** The last edit of each client, visit and field. */
  readonly ledgers = new Map<string, Ledger>();
  readonly connections = new Set<Connection>();
  /** Every message that came, in order. */
  readonly heard: ClientMessage[] = [];
  /** How often an edit was stored: each is a revision with its event. */
  stored = 0;
  /** One way, in milliseconds. */
  latency = 10;
  isDown = false;
  /** Connections stay open and nothing gets through, in either direction. */
  isMute = false;
  /** What happens to the next edit that comes, once. */
  trap: "dies before it is stored" | "dies after it is stored" | null = null;
  /** Whatever is sent, in either direction, arrives twice. */
  isDoubling = false;
  /** Refuses edits with this code. */
  refusal: string | null = null;
  private marks = 0;

  constructor(private readonly clock: Clock) {}

  add(id: string, patient = "p1", notes = "", title = ""): Visit {
    const visit = { id, patient, values: { title, appointmentAt: "2027-01-15T08:00:00Z", notes }, versions: { title: 0, appointmentAt: 0, notes: 0 }, signedAt: null };
    this.visits.set(id, visit);
    return visit;
  }

  readonly connect = (events: WireEvents): Wire => {
    const connection: Connection = { events, client: null, open: new Set(), watched: new Set(), isCut: false, isDead: false, arrival: 0 };
    if (!this.isDown && !this.isMute) this.connections.add(connection);
    connection.isDead = this.isMute;
    this.clock.wait(this.latency, () => {
      if (this.connections.has(connection)) events.opened();
      else if (!this.isMute) events.closed(1006);
    });
    return {
      send: (text) => {
        this.carry(connection, () => this.hear(connection, JSON.parse(text) as ClientMessage));
        return true;
      },
      close: () => {
        connection.isCut = true;
        this.connections.delete(connection);
      },
    };
  };

  /** The network between is cut: both sides notice at once. */
  cut(): void {
    for (const connection of this.connections) {
      this.connections.delete(connection);
      connection.isCut = true;
      connection.events.closed(1006);
    }
  }

  bye(code: "session_ended" | "version" | "stopping" | "handed_over"): void {
    for (const connection of this.connections) {
      this.tell(connection, { kind: "bye", code, detail: code });
      this.connections.delete(connection);
    }
  }

  /** Another device, whose edits come with no connection of their own. */
  edit(id: string, field: Field, next: string): void {
    const visit = this.visits.get(id);
    if (visit) this.store(visit, field, next, null);
  }

  tellAll(message: ServerMessage): void {
    for (const connection of this.connections) this.tell(connection, message);
  }

  private hear(connection: Connection, message: ClientMessage): void {
    if (!this.connections.has(connection)) return;
    this.heard.push(message);
    if (message.kind === "hello") {
      connection.client = message.client;
      this.tell(connection, { kind: "welcome", version: 1, connection: "c", now: new Date(this.clock.now()).toISOString(), since: this.mark() });
    } else if (message.kind === "ping") this.tell(connection, { kind: "pong", n: message.n });
    else if (message.kind === "watch") {
      connection.watched.add(message.patient);
      this.tell(connection, { kind: "watching", ref: message.ref, patient: message.patient });
    } else if (message.kind === "open") this.open(connection, message.ref, message.entry);
    else if (message.kind === "leave") connection.open.delete(message.entry);
    else if (message.kind === "edit") this.take(connection, message);
  }

  private open(connection: Connection, ref: number, entry: string): void {
    const visit = this.visits.get(entry);
    if (!visit) {
      this.tell(connection, { kind: "refused", ref, code: "absent", detail: "There is no such visit." });
      return;
    }
    connection.open.add(entry);
    const { id, patient, values, signedAt } = visit;
    const shown = { id, appointmentAt: values.appointmentAt, title: values.title || null, notes: values.notes, notesHash: hashOf(values.notes), versions: { ...visit.versions }, signedAt };
    this.tell(connection, { kind: "opened", ref, patient, entry: shown });
  }

  private take(connection: Connection, edit: EditMessage): void {
    const { client } = connection;
    const visit = this.visits.get(edit.entry);
    const refuse = (code: string): void => this.tell(connection, { kind: "refused", seq: edit.seq, code, detail: code });
    if (!client || !visit) {
      refuse("absent");
      return;
    }
    if (this.trap === "dies before it is stored") {
      this.trap = null;
      this.cut();
      return;
    }
    if (this.refusal) {
      refuse(this.refusal);
      return;
    }
    const ledger = this.ledgers.get(`${client} ${edit.entry} ${edit.field}`);
    const body = bodyOf(edit);
    if (ledger && edit.seq < ledger.seq) refuse("seq_passed");
    else if (ledger?.seq === edit.seq && ledger.body !== body) refuse("seq_reused");
    else if (ledger?.seq === edit.seq) this.tell(connection, ledger.answer);
    else if (visit.signedAt) refuse("signed");
    else this.decide(connection, client, visit, edit, refuse);
  }

  private decide(connection: Connection, client: string, visit: Visit, edit: EditMessage, refuse: (code: string) => void): void {
    const { field, base, change } = edit;
    const version = visit.versions[field];
    const current = visit.values[field];
    if (base > version) {
      refuse("base_ahead");
      return;
    }
    const former = this.revisions.get(`${visit.id}/${field}/${base}`) ?? (base === version ? current : "");
    const mine = "set" in change ? (change.set ?? "") : apply(former, change.splices);
    if (mine === null) refuse("splice_outside");
    else if ("splices" in change && (hashOf(former) !== change.baseHash || hashOf(mine) !== change.hash)) refuse("hash_differs");
    else {
      const next = base === version || mine === current ? mine : field === "notes" ? merge(former, current, mine) : null;
      if (next === null) {
        this.tell(connection, { kind: "clash", seq: edit.seq, entry: visit.id, field, version, theirs: field === "title" ? current || null : current, hash: hashOf(current), by: BY, at: this.time() });
        return;
      }
      if (next !== current) this.store(visit, field, next, connection);
      const piece = between(mine, next);
      const merged: readonly Splice[] | null = piece ? [piece] : null;
      const answer = { kind: "ack", seq: edit.seq, entry: visit.id, field, version: visit.versions[field], hash: hashOf(next), at: this.time(), merged } as const;
      this.ledgers.set(`${client} ${visit.id} ${field}`, { seq: edit.seq, body: bodyOf(edit), answer });
      if (this.trap === "dies after it is stored") {
        this.trap = null;
        this.cut();
      } else this.tell(connection, answer);
    }
  }

  private readonly revisions = new Map<string, string>();

  private store(visit: Visit, field: Field, next: string, from: Connection | null): void {
    const base = visit.versions[field];
    const before = visit.values[field];
    this.revisions.set(`${visit.id}/${field}/${base}`, before);
    visit.values = { ...visit.values, [field]: next };
    visit.versions = { ...visit.versions, [field]: base + 1 };
    this.stored += 1;
    const piece = between(before, next);
    const change = field === "notes" ? { splices: piece ? [piece] : [] } : { set: field === "title" ? next || null : next };
    const text = { kind: "text", patient: visit.patient, entry: visit.id, field, base, version: base + 1, hash: hashOf(next), change, by: BY, at: this.time(), since: this.mark() } as const;
    for (const connection of this.connections) if (connection !== from && connection.open.has(visit.id)) this.tell(connection, text);
  }

  private tell(connection: Connection, message: ServerMessage): void {
    this.carry(connection, () => connection.events.heard(JSON.stringify(message)));
  }

  private carry(connection: Connection, arrive: () => void): void {
    connection.arrival = Math.max(connection.arrival, this.clock.now() + this.latency);
    for (let copy = this.isDoubling ? 2 : 1; copy > 0; copy -= 1) {
      this.clock.wait(connection.arrival - this.clock.now(), () => {
        if (this.isMute) connection.isDead = true;
        if (!connection.isCut && !connection.isDead) arrive();
      });
    }
  }

  private time(): string {
    return new Date(this.clock.now()).toISOString();
  }

  private mark(): string {
    this.marks += 1;
    return `m${this.marks}`;
  }
}
