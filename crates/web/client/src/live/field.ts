/**
 * One field of a visit as this page has it: what is stored, what is on its way, and what is typed since. Rules only; what is sent and
 * when, and what is kept on the device, is decided elsewhere.
 */
import { RULES, type Rules } from "./rules";
import { splicesBetween } from "./text";
import type { Ack, By, Change, ClashMessage, Field, Splice, TextMessage } from "./wire";

/** A text that the server has, and its version. */
export interface Stored {
  readonly version: number;
  readonly text: string;
}

/** An edit that was sent, or is about to be. It stays the same until it is answered. */
export interface Flight {
  readonly seq: number;
  readonly base: number;
  readonly change: Change;
  /** The field after it. */
  readonly text: string;
}

export interface Who {
  readonly by: By | null;
  readonly at: string | null;
}

/** Somebody else's change that does not go together with what was typed, and the text that both were made of. */
export interface Clashing extends Who {
  readonly base: string;
}

/** What of a field outlives its page. */
export interface KeptField {
  readonly base: Stored;
  readonly flight: Flight | null;
  readonly local: string;
  readonly clash: Clashing | null;
  /** `base` is what this page thinks that is stored; the visit has to be opened to know. */
  readonly isAdrift: boolean;
}

type Event = { readonly kind: "stored"; readonly stored: Stored } | { readonly kind: "ack"; readonly ack: Ack } | { readonly kind: "text"; readonly text: TextMessage };

/** What a field tells its visit. */
export interface FieldHost {
  /** What is stored is not what this page thinks it is, or something was missed: the visit is to be opened again. */
  readonly reopen: () => void;
  /** Somebody else's change came into what is on the page. */
  readonly written: (field: Field, next: string, splices: readonly Splice[]) => void;
}

export class FieldDraft {
  /** Null until the visit was opened. */
  base: Stored | null = null;
  local = "";
  flight: Flight | null = null;
  clash: Clashing | null = null;
  /** Why nothing is sent until the person changes it. */
  fault: string | null = null;
  /** Nothing is saved until the visit was opened again (the hash differs). */
  isAdrift = false;
  dirtySince: number | null = null;
  lastSent = Number.NEGATIVE_INFINITY;
  private isHeld = false;
  private waiting: readonly Event[] = [];
  private readonly rules: Rules;

  constructor(
    readonly field: Field,
    private readonly host: FieldHost,
  ) {
    this.rules = RULES[field];
  }

  restore(kept: KeptField, now: number): void {
    ({ base: this.base, flight: this.flight, local: this.local, clash: this.clash, isAdrift: this.isAdrift } = kept);
    this.dirtySince = now;
  }

  kept(): KeptField | null {
    const { base, flight, local, clash, isAdrift } = this;
    return base && this.isDirty() ? { base, flight, local, clash, isAdrift } : null;
  }

  isDirty(): boolean {
    return this.flight !== null || this.clash !== null || (this.base !== null && !this.rules.isSame(this.local, this.base.text));
  }

  /** Whether an edit can be made of what was typed. */
  isSendable(): boolean {
    return this.isDirty() && this.flight === null && this.clash === null && this.fault === null && !this.isAdrift && !this.isHeld;
  }

  isTooLong(): boolean {
    return this.rules.isTooLong(this.local);
  }

  type(value: string, now: number): void {
    this.local = value;
    this.fault = null;
    this.dirtySince = this.isDirty() ? (this.dirtySince ?? now) : null;
  }

  /** While words are composed or dictated nothing is written into the field, and nothing half-made is sent. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.take();
  }

  /** Makes an edit of what was typed. */
  depart(seq: number, now: number): Flight | null {
    if (!this.base || !this.isSendable()) return null;
    this.flight = { seq, base: this.base.version, change: this.rules.changeOf(this.base.text, this.local), text: this.local };
    this.lastSent = now;
    this.dirtySince = null;
    return this.flight;
  }

  /** The visit was opened: this is stored now. */
  opened(stored: Stored): void {
    this.on({ kind: "stored", stored });
  }

  acknowledged(ack: Ack): void {
    if (this.flight?.seq === ack.seq) this.on({ kind: "ack", ack });
  }

  changed(text: TextMessage): void {
    this.on({ kind: "text", text });
  }

  clashed({ version, theirs, by, at }: ClashMessage): void {
    const former = this.base?.text ?? "";
    this.flight = null;
    this.base = { version, text: theirs ?? "" };
    this.clash = this.rules.isSame(this.local, this.base.text) ? null : { by, at, base: former };
    this.take();
  }

  /** The edit was refused and is not stored: it is made anew once that may help. */
  refused(why: { readonly fault: string } | "adrift" | "again", now: number): void {
    this.flight = null;
    this.dirtySince = now;
    if (why === "adrift") this.drift();
    else if (why !== "again") this.fault = why.fault;
    this.take();
  }

  /** The server cannot store the edit now; the same is sent again. */
  delayed(why: string): void {
    this.fault = why;
  }

  /** The person has chosen, on the newest version. */
  choose(text: string, now: number): void {
    this.clash = null;
    this.local = text;
    this.fault = null;
    this.dirtySince = this.isDirty() ? now : null;
  }

  /** What of it was typed, as it is shown to the person after it could not be stored. */
  typed(): string {
    return this.rules.typed(this.base?.text ?? "", this.local);
  }

  private on(event: Event): void {
    this.waiting = [...this.waiting, event];
    this.take();
  }

  /** Takes what has come, as far as it can be taken now. */
  private take(): void {
    while (!this.isHeld) {
      // Others' changes come after the answer to the own one, which holds those before it.
      const at = this.waiting.findIndex((event) => event.kind === "ack" || (this.flight === null && (this.base !== null || event.kind === "stored")));
      const event = this.waiting[at];
      if (!event) return;
      this.waiting = this.waiting.filter((_, index) => index !== at);
      if (event.kind === "ack") this.settle(event.ack);
      else if (event.kind === "stored") this.stand(event.stored);
      else this.follow(event.text);
    }
  }

  private settle(ack: Ack): void {
    const { flight } = this;
    if (!flight || flight.seq !== ack.seq) return;
    this.flight = null;
    this.fault = null;
    const text = ack.merged ? this.rules.after(flight.text, { splices: ack.merged }) : flight.text;
    this.base = { version: ack.version, text: text ?? flight.text };
    if (text === null || !this.rules.isHash(text, ack.hash)) {
      // It is stored, but not as this page thinks.
      this.base = { version: ack.version, text: flight.text };
      this.drift();
      return;
    }
    this.rebase(flight.text, null);
  }

  private stand(stored: Stored): void {
    if (!this.base) {
      this.base = stored;
      this.write(stored.text);
      return;
    }
    // An answer that was overtaken by something newer. After a drift it counts, whatever it is.
    if (stored.version < this.base.version && !this.isAdrift) return;
    const former = this.base.text;
    this.isAdrift = false;
    this.base = stored;
    if (stored.text !== former) this.rebase(former, null);
    else if (!this.isDirty()) this.dirtySince = null;
  }

  private follow({ base, version, hash, change, by, at }: TextMessage): void {
    if (!this.base || version <= this.base.version) return;
    const text = base === this.base.version ? this.rules.after(this.base.text, change) : null;
    if (text === null || !this.rules.isHash(text, hash)) {
      this.drift();
      return;
    }
    const former = this.base.text;
    this.base = { version, text };
    this.rebase(former, { by, at });
  }

  /** What was typed on the former text comes onto the new one. */
  private rebase(former: string, who: Who | null): void {
    if (!this.base) return;
    if (this.clash) {
      this.clash = this.rules.isSame(this.local, this.base.text) ? null : { ...this.clash, ...who };
    } else {
      const merged = this.rules.merge(former, this.base.text, this.local);
      if (merged === null) this.clash = { by: null, at: null, ...who, base: former };
      // What differs only in its form stays as it is typed.
      else if (!this.rules.isSame(merged, this.local)) this.write(merged);
    }
    if (!this.isDirty()) this.dirtySince = null;
  }

  private write(next: string): void {
    const splices = splicesBetween(this.local, next);
    this.local = next;
    if (splices.length > 0) this.host.written(this.field, next, splices);
  }

  private drift(): void {
    this.isAdrift = true;
    this.host.reopen();
  }
}
