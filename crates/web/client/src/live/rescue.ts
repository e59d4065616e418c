/**
 * What pages that are gone left unsent, sent by this one within ten seconds: over a connection of its own for each of them, because
 * only under their own id the server can tell what it has already.
 */
import type { VisitDraft } from "./draft";
import type { KeptEdits } from "./keptEdits";
import { Outbox, type OutboxHost } from "./outbox";
import type { Surroundings } from "./socket";

/** A page that is seen to be gone twice in a row is: a reload has come back by then, in milliseconds. */
const LOOK = 4000;

export interface RescueHost {
  readonly outside: Surroundings;
  readonly take: (client: string) => Promise<(() => void) | null>;
  readonly suspect: OutboxHost["suspect"];
  /** What is unsent of others, or needs a choice, has changed. */
  readonly changed: () => void;
}

export class Rescue {
  private readonly others = new Map<string, { readonly outbox: Outbox; readonly release: () => void }>();
  private gone: ReadonlySet<string> = new Set();
  private cancel: (() => void) | null = null;
  private round = 0;

  constructor(private readonly host: RescueHost) {}

  outboxes(): readonly Outbox[] {
    return [...this.others.values()].map(({ outbox }) => outbox);
  }

  /** The visit as a page left it that is gone, where a person has to decide. */
  leftOf(entry: string): VisitDraft | null {
    return this.outboxes().map((outbox) => outbox.visits.get(entry)).find((draft) => draft?.needsPerson()) ?? null;
  }

  start(kept: KeptEdits, own: string): void {
    this.stop();
    const { round } = this;
    const look = async (): Promise<void> => {
      await this.look(kept, own, round).catch(() => undefined);
      if (round === this.round) this.cancel = this.host.outside.wait(LOOK, () => void look());
    };
    void look();
  }

  stop(): void {
    this.round += 1;
    this.cancel?.();
    this.cancel = null;
    this.gone = new Set();
    for (const { outbox, release } of this.others.values()) {
      outbox.clear();
      release();
    }
    this.others.clear();
  }

  private async look(kept: KeptEdits, own: string, round: number): Promise<void> {
    const gone = new Set<string>();
    for (const client of await kept.clients()) {
      if (client === own || this.others.has(client)) continue;
      // oxlint-disable-next-line no-await-in-loop -- a few, one after the other
      const release = await this.host.take(client);
      if (!release) continue;
      gone.add(client);
      // oxlint-disable-next-line no-await-in-loop
      if (round === this.round && this.gone.has(client)) await this.rescue(kept, client, release, round);
      else release();
    }
    if (round === this.round) this.gone = gone;
  }

  private async rescue(kept: KeptEdits, client: string, release: () => void, round: number): Promise<void> {
    // What it left may have been sent by yet another page meanwhile.
    const left = (await kept.all()).filter((it) => it.client === client);
    if (left.length === 0 || round !== this.round) {
      release();
      return;
    }
    const outbox: Outbox = new Outbox(this.host.outside, {
      keeper: () => (round === this.round ? kept : null),
      changed: () => this.changed(client),
      followed: () => undefined,
      // The page's own connection hears the same.
      ended: () => undefined,
      suspect: this.host.suspect,
    });
    outbox.client = client;
    this.others.set(client, { outbox, release });
    for (const { visit } of left) outbox.restore(visit);
    outbox.hurryAll();
    outbox.socket.start();
    this.host.changed();
  }

  private changed(client: string): void {
    const other = this.others.get(client);
    if (other && other.outbox.count() === 0) void this.end(client, other.outbox);
    this.host.changed();
  }

  private async end(client: string, outbox: Outbox): Promise<void> {
    await outbox.keepNow();
    const other = this.others.get(client);
    if (!other || outbox.count() > 0) return;
    this.others.delete(client);
    outbox.clear();
    other.release();
    this.host.changed();
  }
}
