/** Keeps what waits on this device while a session lasts (I4): notes which files there are, saves their bytes, and knows how far it is. */
import type { NotKept, Unable } from "./box";
import type { Kept, Noted, Source } from "./kept";
import * as q from "./queue";

export type Shelf = Pick<Kept, "own" | "takeOver" | "note" | "keep" | "source" | "drop" | "close">;

/** What of the queue outlives a reload. */
export interface Standing {
  /** How many of the files that are not in yet are kept on this device. */
  readonly kept: number;
  /** Their bytes, with those of the one that is being kept. */
  readonly keptBytes: number;
  /** Bytes of all files that are not in yet. */
  readonly bytes: number;
  /** Whether the rest is being kept. */
  readonly isSaving: boolean;
  readonly unable: Unable | null;
}

const NOTHING: Standing = { kept: 0, keptBytes: 0, bytes: 0, isSaving: false, unable: null };
const isSame = (one: Standing, other: Standing): boolean => (Object.keys(one) as (keyof Standing)[]).every((name) => one[name] === other[name]);
const whyNot = (error: unknown): Unable => (error instanceof Error && "why" in error ? (error as NotKept).why : "browser");

const sizeOf = (items: q.Queue): number => items.reduce((sum, item) => sum + item.size, 0);

const noteOf = ({ id, key, patientId, patientName, name, size, chosenAt, said, state }: q.Item, at: number): Noted => ({
  id,
  facts: { key, patientId, patientName, name, size, chosenAt, at, ...(said ? { said } : {}), ...(state.kind === "refused" ? { refusal: state.reason } : {}) },
});

/** What keeping needs of the queue that it keeps. */
export interface Host {
  readonly queue: () => q.Queue;
  /** A file that was chosen on this page. */
  readonly fileOf: (id: string) => File | undefined;
  readonly now: () => number;
  /** Opens what is kept on this device for the account with this key; the cause when nothing can be kept. */
  readonly shelf: (key: string) => Promise<Shelf>;
  /** What an earlier page left, and where the bytes of files are read that are kept. */
  readonly restore: (former: readonly q.Former[], sources: ReadonlyMap<string, Source>) => void;
  /** What is kept has changed, or only how far it is. */
  readonly changed: (how: "list" | "progress") => void;
}

export class Keeping {
  private shelf: Shelf | null = null;
  /** Whose shelf is open or being opened. */
  private shelfKey: string | null = null;
  /** Of which files the shelf knows, which it has whole, and of which only that they were refused. */
  private readonly noted = new Set<string>();
  private readonly kept = new Set<string>();
  private readonly refused = new Set<string>();
  private unable: Unable | null = null;
  private isNoting = false;
  private isKeeping = false;
  /** Bytes that are kept of the file that is being kept. */
  private underWay = { id: "", bytes: 0 };
  private standing: Standing = NOTHING;

  constructor(private readonly host: Host) {}

  readonly snapshot = (): Standing => this.standing;

  /** The session ended or the device was handed over. */
  close(): void {
    this.shelf?.close();
    this.shelf = null;
    this.shelfKey = null;
  }

  forget(): void {
    for (const ids of [this.noted, this.kept, this.refused]) ids.clear();
  }

  async open(key: string): Promise<void> {
    if (this.shelfKey === key) return;
    this.close();
    this.shelfKey = key;
    this.host.changed("list");
    const isStill = () => this.shelfKey === key;
    try {
      const shelf = await this.host.shelf(key);
      if (!isStill()) {
        shelf.close();
        return;
      }
      const former = await shelf.takeOver(this.host.now(), new Set(this.host.queue().map((item) => item.id)));
      const own = await shelf.own();
      if (!isStill()) return;
      this.shelf = shelf;
      this.unable = null;
      this.forget();
      for (const [id, far] of own) {
        this.noted.add(id);
        if (far === "whole") this.kept.add(id);
        if (far === "refused") this.refused.add(id);
      }
      // What came from the shelf before the session ended is read through the new one.
      const sizes = new Map([...this.host.queue(), ...former].map((item) => [item.id, item.size]));
      const elsewhere = [...this.kept].filter((id) => this.host.fileOf(id) === undefined);
      this.host.restore(former, new Map(elsewhere.map((id) => [id, shelf.source(id, sizes.get(id) ?? 0)])));
      await this.keepAll();
    } catch (error) {
      if (!isStill()) return;
      this.unable = whyNot(error);
      this.host.changed("list");
    }
  }

  /** Keeps what was chosen on this page: first of all which files there are and what was refused, then the bytes. */
  async keepAll(): Promise<void> {
    await this.noteAll();
    await this.keepBytes();
  }

  /** Notes, in one step for all, what the shelf does not know of yet: also while the bytes of others are being kept. */
  private async noteAll(): Promise<void> {
    const using = this.shelf;
    if (this.isNoting || !using) return;
    this.isNoting = true;
    try {
      for (let some = this.unsaid(); some.length > 0 && this.shelf === using; some = this.unsaid()) {
        const now = this.host.now();
        // oxlint-disable-next-line no-await-in-loop -- what came meanwhile is noted afterwards
        await using.note(some.map((item) => noteOf(item, now)));
        if (this.shelf !== using) break;
        // Only now: what was taken off the list meanwhile is deleted after it was written, not before.
        for (const { id, state } of some) {
          this.noted.add(id);
          if (state.kind !== "refused") continue;
          this.refused.add(id);
          this.kept.delete(id);
        }
        this.host.changed("list");
      }
    } catch (error) {
      this.gaveUp(using, error);
    } finally {
      this.isNoting = false;
    }
    // The session ended and began again meanwhile.
    if (this.shelf !== using) await this.noteAll();
  }

  private unsaid(): readonly q.Item[] {
    return this.host.queue().filter((item) => (item.state.kind === "refused" ? !this.refused.has(item.id) : this.waitsForShelf(item) && !this.noted.has(item.id)));
  }

  /** Keeps the bytes of what was noted, one file after the other. */
  private async keepBytes(): Promise<void> {
    const using = this.shelf;
    if (this.isKeeping || !using) return;
    this.isKeeping = true;
    const next = () => this.host.queue().find((item) => this.waitsForShelf(item) && this.noted.has(item.id));
    try {
      for (let item = next(); item && this.shelf === using; item = next()) {
        // oxlint-disable-next-line no-await-in-loop -- one file after the other
        await this.keepOne(using, item.id);
        // Also takes off what came in meanwhile.
        if (this.shelf === using) this.host.changed("list");
      }
    } catch (error) {
      this.gaveUp(using, error);
    } finally {
      this.isKeeping = false;
    }
    if (this.shelf !== using) await this.keepBytes();
  }

  private gaveUp(using: Shelf, error: unknown): void {
    if (this.shelf === using) this.unable = whyNot(error);
    this.host.changed("list");
  }

  private waitsForShelf(item: q.Item): boolean {
    return !q.hasEnded(item) && this.host.fileOf(item.id) !== undefined && !this.kept.has(item.id);
  }

  private async keepOne(shelf: Shelf, id: string): Promise<void> {
    const file = this.host.fileOf(id);
    if (!file) return;
    const isStill = () => this.shelf === shelf;
    const isWanted = () => isStill() && this.host.queue().some((it) => it.id === id && this.waitsForShelf(it));
    const isWhole = await shelf.keep(id, file, isWanted, (bytesKept) => {
      this.underWay = { id, bytes: bytesKept };
      this.stand();
      this.host.changed("progress");
    });
    if (isWhole && isStill()) this.kept.add(id);
  }

  /** The list has changed: what is in, or was taken off, is deleted here. */
  follow(next: q.Queue): void {
    const wanted = new Set(next.filter((item) => !q.hasEnded(item) || q.isOut(item)).map((item) => item.id));
    for (const id of this.noted) {
      if (wanted.has(id) || !this.shelf) continue;
      for (const ids of [this.noted, this.kept, this.refused]) ids.delete(id);
      void this.shelf.drop(id).catch(() => undefined);
    }
    if (!next.some(q.isLeft)) this.unable = null;
  }

  /** Finds out how far keeping has come. */
  stand(): void {
    const left = this.host.queue().filter(q.isLeft);
    const kept = left.filter((item) => this.kept.has(item.id));
    const { id, bytes: partly } = this.underWay;
    const keptBytes = sizeOf(kept) + (left.some((item) => item.id === id) && !this.kept.has(id) ? partly : 0);
    const isSaving = this.shelfKey !== null && this.unable === null && kept.length < left.length;
    const now = { kept: kept.length, keptBytes, bytes: sizeOf(left), isSaving, unable: this.unable };
    if (!isSame(now, this.standing)) this.standing = now;
  }

  /** Whether closing the page would lose something: photos, or which files were not added. */
  isAtRisk(): boolean {
    const canNote = this.shelf !== null && this.unable === null;
    return this.host.queue().some((item) => (q.isLeft(item) ? !this.kept.has(item.id) : canNote && item.state.kind === "refused" && !this.refused.has(item.id)));
  }
}
