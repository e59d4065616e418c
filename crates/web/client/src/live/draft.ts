/** One visit that is typed into: its three fields, what is told of them, and what may be done with them. */
import { live as words } from "../i18n/live";
import { FieldDraft, type KeptField } from "./field";
import type { LiveStatus, SaveStatus } from "./status";
import { inOneLine, sound, splicesBetween } from "./text";
import { Typing } from "./typing";
import { Undo } from "./undo";
import type { Choice, Clash, Late, VisitHandle, VisitView } from "./view";
import { type Ack, type ClashMessage, type Field, FIELDS, type LiveEntry, type Other, type Refused, type Splice, type TextMessage } from "./wire";

/** What of a visit outlives its page. */
export interface KeptVisit {
  readonly patient: string;
  readonly entry: string;
  readonly fields: Partial<Record<Field, KeptField>>;
}

/** What a visit needs of its connection. */
export interface DraftHost {
  readonly now: () => number;
  readonly wait: (ms: number, then: () => void) => () => void;
  readonly connection: () => LiveStatus;
  /** Something was typed, chosen or heard: it is kept, sent and shown. */
  readonly changed: (draft: VisitDraft) => void;
  /** What was typed is to be sent at once. */
  readonly hurry: (draft: VisitDraft) => void;
  readonly reopen: (draft: VisitDraft) => void;
  readonly here: (draft: VisitDraft, field: Field | null) => void;
}

/** Opened so often without becoming the same as the server's, a visit is not saved any more. */
const MOST_DRIFTS = 5;

export class VisitDraft implements VisitHandle {
  readonly fields: Readonly<Record<Field, FieldDraft>>;
  /** How many times it is on screen. */
  shown = 0;
  cursor: Field | null = null;
  /** A visit that another page left behind, in which there is something to choose, or that was signed before it was stored. */
  foreign: VisitDraft | null = null;
  private entry: LiveEntry | null = null;
  private isAbsent = false;
  private signed: string | null = null;
  private savedAt: string | null = null;
  private others: readonly Other[] = [];
  private drifts = 0;
  private asked: { readonly mine: string; readonly theirs: string; readonly base: string } | null = null;
  private typing: Typing | null = null;
  private readonly undone = new Undo();
  private readonly listeners = new Set<() => void>();
  private view: VisitView | null = null;

  constructor(
    readonly patient: string,
    readonly id: string,
    private readonly host: DraftHost,
  ) {
    const make = (field: Field): FieldDraft => new FieldDraft(field, { reopen: () => this.drifted(), written: (...what) => this.written(...what) });
    this.fields = { title: make("title"), appointmentAt: make("appointmentAt"), notes: make("notes") };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): VisitView => (this.view ??= this.look());

  /** Shows it anew. */
  tell(): void {
    this.view = null;
    for (const listener of this.listeners) listener();
  }

  all(): readonly FieldDraft[] {
    return FIELDS.map((field) => this.fields[field]);
  }

  /** How many of its fields are not stored yet. */
  count(): number {
    return this.all().filter((field) => field.isDirty()).length;
  }

  /** Nothing but a person can bring it further. */
  needsPerson(): boolean {
    return this.clash() !== null || this.late().length > 0;
  }

  /** It is to be opened before more of it is sent. */
  isAdrift(): boolean {
    return this.all().some((field) => field.isAdrift);
  }

  canSend(): boolean {
    return !this.isAbsent && this.signed === null;
  }

  restore({ fields }: KeptVisit): void {
    for (const field of FIELDS) {
      const kept = fields[field];
      if (kept) this.fields[field].restore(kept, this.host.now());
    }
    this.tell();
  }

  kept(): KeptVisit | null {
    // Of a visit that is not there any more nothing stays on the device either.
    if (this.isAbsent) return null;
    const found = FIELDS.flatMap((field) => {
      const kept = this.fields[field].kept();
      return kept ? [[field, kept] as const] : [];
    });
    return found.length > 0 ? { patient: this.patient, entry: this.id, fields: Object.fromEntries(found) } : null;
  }

  // What the person does

  readonly set = (field: Field, value: string): void => {
    const next = field === "notes" ? sound(value) : inOneLine(value);
    const draft = this.fields[field];
    if (next === draft.local) return;
    if (field === "notes") this.undone.record(draft.local, next, this.host.now());
    draft.type(next, this.host.now());
    if (field === "notes") this.typing?.write(next, []);
    this.host.changed(this);
  };

  readonly bind = (element: HTMLTextAreaElement | null, cleaned?: () => void): void => {
    this.typing?.end();
    const { notes } = this.fields;
    this.typing = element && new Typing(element, {
      value: () => notes.local,
      typed: (value) => this.typed(value),
      cleaned: () => cleaned?.(),
      hold: (isHeld) => {
        notes.hold(isHeld);
        this.host.changed(this);
      },
      undo: (way) => this.undo(way),
      focused: (isIn) => {
        this.here(isIn ? "notes" : null);
        if (!isIn) this.flush();
      },
      wait: this.host.wait,
    });
  };

  readonly choose = (choice: Choice): void => {
    const field = this.all().find((it) => it.clash);
    if (field) {
      const text = choice === "mine" ? field.local : choice === "theirs" ? (field.base?.text ?? "") : sound(choice.text);
      this.replace(field, () => field.choose(text, this.host.now()));
    } else if (this.asked) {
      const { mine, theirs } = this.asked;
      this.asked = null;
      const text = choice === "mine" ? mine : choice === "theirs" ? theirs : sound(choice.text);
      if (choice !== "theirs") this.set("notes", text);
    } else this.foreign?.choose(choice);
    this.host.changed(this);
    this.flush();
  };

  readonly here = (field: Field | null): void => {
    if (field === this.cursor) return;
    this.cursor = field;
    this.host.here(this, field);
  };

  readonly flush = (): void => this.host.hurry(this);

  /** What could not be stored is stored elsewhere, or given up. */
  private drop(field: FieldDraft): void {
    this.replace(field, () => field.choose(field.base?.text ?? "", this.host.now()));
    this.host.changed(this);
  }

  private typed(value: string): void {
    const { notes } = this.fields;
    const next = sound(value);
    if (next === notes.local) return;
    this.undone.record(notes.local, next, this.host.now());
    notes.type(next, this.host.now());
    this.host.changed(this);
  }

  private undo(way: "undo" | "redo"): void {
    const { notes } = this.fields;
    const result = this.undone[way](notes.local);
    if (!result) return;
    if (result.kind === "ask") this.asked = { mine: result.mine, theirs: notes.local, base: result.base };
    else this.replace(notes, () => notes.type(result.text, this.host.now()));
    this.host.changed(this);
  }

  /** Changes a field by the person's will, and what is in its text area with it. */
  private replace(field: FieldDraft, act: () => void): void {
    const before = field.local;
    act();
    if (field.field === "notes") this.typing?.write(field.local, splicesBetween(before, field.local), true);
  }

  // What the server says

  opened(entry: LiveEntry): void {
    this.entry = entry;
    this.isAbsent = false;
    this.signed = entry.signedAt === null ? null : words.signed;
    const { versions } = entry;
    this.fields.title.opened({ version: versions.title, text: entry.title ?? "" });
    this.fields.appointmentAt.opened({ version: versions.appointmentAt, text: entry.appointmentAt });
    this.fields.notes.opened({ version: versions.notes, text: entry.notes });
    this.host.changed(this);
  }

  acknowledged(ack: Ack): void {
    this.savedAt = ack.at;
    this.drifts = 0;
    this.fields[ack.field].acknowledged(ack);
    this.learn(ack.field);
    this.host.changed(this);
  }

  changed(text: TextMessage): void {
    this.fields[text.field].changed(text);
    this.learn(text.field);
    this.host.changed(this);
  }

  clashed(clash: ClashMessage): void {
    this.fields[clash.field].clashed(clash);
    this.learn(clash.field);
    this.host.changed(this);
  }

  present(others: readonly Other[]): void {
    this.others = others;
    this.tell();
  }

  /** `field`: that of the edit that was refused; null when it was the visit that could not be opened. */
  refused({ code, detail }: Refused, field: FieldDraft | null): void {
    const now = this.host.now();
    if (code === "absent") this.isAbsent = true;
    else if (code === "signed") this.signed = detail;
    if (code === "storage_full" || code === "unavailable") field?.delayed(detail);
    else if (code === "hash_differs" || code === "base_ahead" || code === "splice_outside" || code === "seq_passed" || code === "seq_reused") field?.refused("adrift", now);
    else if (code === "absent" || code === "signed") field?.refused("again", now);
    else field?.refused({ fault: detail }, now);
    this.host.changed(this);
  }

  private drifted(): void {
    this.drifts += 1;
    if (this.drifts > MOST_DRIFTS) for (const field of this.all()) if (field.isAdrift && field.isDirty()) field.fault = words.drifted;
    this.host.reopen(this);
  }

  private written(field: Field, next: string, splices: readonly Splice[]): void {
    if (field === "notes") this.typing?.write(next, splices);
  }

  /** The newest that is known to be stored. */
  private learn(field: Field): void {
    const { base } = this.fields[field];
    if (!this.entry || !base) return;
    const versions = { ...this.entry.versions, [field]: base.version };
    this.entry = { ...this.entry, versions, [field]: field === "title" ? base.text || null : base.text };
  }

  // What is told of it

  private look(): VisitView {
    const { title, appointmentAt, notes } = this.fields;
    // Of a visit that was brought back from the device, the rest is known once it was opened.
    const isKnown = this.all().every((field) => field.base !== null);
    return {
      state: this.isAbsent ? "absent" : isKnown ? "ready" : "loading",
      entry: this.entry,
      values: { title: title.local, appointmentAt: appointmentAt.local, notes: notes.local },
      status: this.status(),
      clash: this.clash(),
      late: this.late(),
      waiting: this.count(),
      others: this.others,
    };
  }

  private clash(): Clash | null {
    // Nothing that is chosen could be stored.
    if (this.signed !== null) return null;
    const field = this.all().find((it) => it.clash);
    if (field?.clash) return { field: field.field, mine: field.local, theirs: field.base?.text ?? "", ...field.clash, base: field.clash.base ?? field.base?.text ?? "" };
    if (this.asked) return { field: "notes", ...this.asked, by: null, at: null };
    return this.foreign?.clash() ?? null;
  }

  /** An edit that is on its way may have been stored before the visit was signed: what becomes of it is known once it is answered. */
  private late(isSigned = this.signed !== null): readonly Late[] {
    const own = isSigned ? this.all().filter((field) => field.flight === null && field.isDirty()) : [];
    return [
      ...own.map((field): Late => ({ field: field.field, text: field.typed(), drop: () => this.drop(field) })),
      ...(this.foreign?.late(isSigned || this.foreign.signed !== null) ?? []),
    ];
  }

  private status(): SaveStatus {
    const connection = this.host.connection();
    const count = this.count();
    const fault = this.isAbsent ? words.absent : this.all().find((field) => field.fault)?.fault;
    if (this.late().length > 0) return { kind: "error", why: words.late };
    if (fault) return { kind: "error", why: fault };
    if (connection.kind === "outdated") return { kind: "error", why: words.outdated };
    if (this.clash()) return { kind: "choice" };
    if (this.signed !== null && count === 0) return { kind: "read_only", why: this.signed };
    if (connection.kind === "waiting" && connection.isBlocked) return { kind: "error", why: words.blocked };
    // What is being connected, or was lost a moment ago, is about to be there: until then it is being saved, or there is nothing to save.
    const isThere = connection.kind === "open" || connection.kind === "connecting" || (connection.kind === "waiting" && connection.isBrief);
    if (!isThere && (this.entry !== null || count > 0)) return { kind: "offline", count };
    return count > 0 ? { kind: "saving" } : { kind: "saved", at: this.savedAt };
  }
}
