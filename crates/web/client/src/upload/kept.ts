/** What waits to be sent, and what was refused, kept on this device over a reload (I4): in IndexedDB, sealed. */
import type { UploadDetails } from "../api/types";
import { alone, canKeep, done, ended, isFull, LONGEST_MS, NotKept, openBox, placed, seal, unseal } from "./box";
import type { Refusal } from "./queue";

const CHUNK = 1 << 20;

/** What is said of a file; everything that names somebody is in here, and sealed. */
export interface Facts {
  readonly key: string;
  readonly patientId: string;
  readonly patientName: string;
  readonly name: string;
  readonly size: number;
  /** When it was chosen, by this device's clock: the next page lists files in this order. */
  readonly chosenAt: number;
  /** When this was noted, after it was chosen or refused: how long it stays is counted from here. */
  readonly at: number;
  /** What the camera says of it. */
  readonly said?: UploadDetails;
  /** Why it was not added; such a file's bytes are not here. */
  readonly refusal?: Refusal;
}

/** What is noted of a file before its bytes are kept, or instead of them. */
export interface Noted {
  readonly id: string;
  readonly facts: Facts;
}

/** A file of an earlier page, and whether its bytes are here. */
export interface Found extends Facts {
  readonly id: string;
  readonly state: "whole" | "lost" | "old" | "refused";
}

/** How far this page has got with keeping a file. */
export type Own = "noted" | "whole" | "refused";

/** Bytes that can be read in parts. */
export interface Source {
  readonly size: number;
  slice: (from: number, to: number) => Promise<Blob>;
}

interface ItemRecord {
  readonly id: string;
  /** Which page holds it. Another one takes it over once that page is gone. */
  tab: string;
  isWhole: boolean;
  /** Only said of one that was not added: there are facts, and nothing to send. */
  readonly isRefused?: boolean;
  readonly chunks: number;
  readonly facts: ArrayBuffer;
}

const chunksOf = (id: string): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);

/** This page, as long as it lives: its lock goes with it, and tells the others that what it kept is free. */
const TAB = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const lockOf = (tab: string): string => `cutis-queue-${tab}`;
let isMarked = false;

function markTab(): void {
  if (isMarked || !navigator.locks) return;
  isMarked = true;
  void navigator.locks.request(lockOf(TAB), () => new Promise<never>(() => undefined));
}

const isGone = (tab: string): Promise<boolean> =>
  new Promise((resolve) => {
    if (!navigator.locks) resolve(true);
    else void navigator.locks.request(lockOf(tab), { ifAvailable: true }, (lock) => resolve(lock !== null));
  });

export class Kept {
  private constructor(
    private readonly database: IDBDatabase,
    private readonly key: CryptoKey,
  ) {}

  /** Opens what is kept for this account, and deletes what was kept for another one. */
  static async open(account: string): Promise<Kept> {
    if (canKeep()) markTab();
    const { database, key } = await openBox(account);
    return new Kept(database, key);
  }

  /** What this page has here: after another tab's sign-out that may be nothing. */
  async own(): Promise<ReadonlyMap<string, Own>> {
    const all = (await done(this.database.transaction("items").objectStore("items").getAll())) as ItemRecord[];
    const far = (record: ItemRecord): Own => (record.isRefused ? "refused" : record.isWhole ? "whole" : "noted");
    return new Map(all.filter((record) => record.tab === TAB).map((record) => [record.id, far(record)]));
  }

  /**
   * What pages before this one left, in the order in which it was chosen. Of what cannot be sent any more the bytes are deleted, and
   * the facts stay until it is known whether the server has it; what was refused stays until it is dismissed, and goes without a
   * word after the same time. A page may have forgotten what it kept itself, when a session was over for long: whatever is not in
   * `listed` is found again.
   */
  takeOver(now: number, listed: ReadonlySet<string>): Promise<readonly Found[]> {
    return alone(() => this.takeOverAlone(now, listed));
  }

  private async takeOverAlone(now: number, listed: ReadonlySet<string>): Promise<readonly Found[]> {
    const all = (await done(this.database.transaction("items").objectStore("items").getAll())) as ItemRecord[];
    const tabs = new Map([[TAB, true]]);
    const found: Found[] = [];
    for (const record of all) {
      if (record.tab === TAB && listed.has(record.id)) continue;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      if (!tabs.has(record.tab)) tabs.set(record.tab, await isGone(record.tab));
      if (!tabs.get(record.tab)) continue;
      // oxlint-disable-next-line no-await-in-loop
      const facts = await this.factsOf(record);
      if (!facts) {
        // oxlint-disable-next-line no-await-in-loop
        await this.drop(record.id);
        continue;
      }
      const isOld = now - facts.at > LONGEST_MS;
      const state = facts.refusal ? "refused" : isOld ? "old" : record.isWhole ? "whole" : "lost";
      const isOver = state === "refused" && isOld;
      if (!isOver) found.push({ ...facts, id: record.id, state });
      // oxlint-disable-next-line no-await-in-loop
      await (isOver ? this.drop(record.id) : state === "whole" ? this.put({ ...record, tab: TAB }) : this.putAlone([{ ...record, tab: TAB, isWhole: false }]));
    }
    return found.toSorted((one, other) => one.chosenAt - other.chosenAt);
  }

  private async factsOf(record: ItemRecord): Promise<Facts | null> {
    try {
      const plain = await unseal(this.key, placed(record.id, "facts"), record.facts);
      return JSON.parse(new TextDecoder().decode(plain)) as Facts;
    } catch {
      return null;
    }
  }

  private async put(record: ItemRecord): Promise<void> {
    const writing = this.database.transaction("items", "readwrite", { durability: "strict" });
    writing.objectStore("items").put(record);
    await ended(writing);
  }

  /** Puts records of which no bytes are to be here. */
  private async putAlone(records: readonly ItemRecord[]): Promise<void> {
    const writing = this.database.transaction(["items", "chunks"], "readwrite", { durability: "strict" });
    for (const record of records) {
      writing.objectStore("items").put(record);
      writing.objectStore("chunks").delete(chunksOf(record.id));
    }
    await ended(writing);
  }

  /**
   * Notes which files there are, and which were not added and why, all in one step: before their bytes are kept, so that each that
   * gets lost can be named. Of what was not added, bytes that are here go.
   */
  async note(files: readonly Noted[]): Promise<void> {
    try {
      const records = await Promise.all(
        files.map(async ({ id, facts }): Promise<ItemRecord> => {
          const shared = { id, tab: TAB, isWhole: false, facts: await this.sealFacts(id, facts) };
          return facts.refusal ? { ...shared, isRefused: true, chunks: 0 } : { ...shared, chunks: Math.ceil(facts.size / CHUNK) };
        }),
      );
      await this.putAlone(records);
    } catch (error) {
      throw new NotKept(isFull(error) ? "room" : "browser");
    }
  }

  private sealFacts(id: string, facts: Facts): Promise<ArrayBuffer> {
    return seal(this.key, placed(id, "facts"), new TextEncoder().encode(JSON.stringify(facts)));
  }

  /** Keeps the bytes of a noted file, a mebibyte at a time, and says how many are kept. Ends early when it is no longer wanted. */
  async keep(id: string, file: Blob, isWanted: () => boolean, onKept: (bytes: number) => void): Promise<boolean> {
    try {
      for (let from = 0, chunk = 0; from < file.size; from += CHUNK, chunk += 1) {
        if (!isWanted()) return false;
        // oxlint-disable-next-line no-await-in-loop -- one in memory at a time
        const plain = await file.slice(from, from + CHUNK).arrayBuffer();
        // oxlint-disable-next-line no-await-in-loop
        const sealed = await seal(this.key, placed(id, String(chunk)), plain);
        // oxlint-disable-next-line no-await-in-loop
        if (!(await this.putChunk(id, chunk, sealed))) return false;
        onKept(Math.min(from + CHUNK, file.size));
      }
      const record = (await done(this.database.transaction("items").objectStore("items").get(id))) as ItemRecord | undefined;
      if (!record || record.isRefused || !isWanted()) return false;
      await this.put({ ...record, isWhole: true });
      return true;
    } catch (error) {
      throw new NotKept(isFull(error) ? "room" : "browser");
    }
  }

  /** Not of a file that was taken off or refused meanwhile: nothing of it may stay. */
  private async putChunk(id: string, chunk: number, sealed: ArrayBuffer): Promise<boolean> {
    const writing = this.database.transaction(["items", "chunks"], "readwrite");
    const record = (await done(writing.objectStore("items").get(id))) as ItemRecord | undefined;
    const isKept = record !== undefined && !record.isRefused;
    if (isKept) writing.objectStore("chunks").put(sealed, [id, chunk]);
    await ended(writing);
    return isKept;
  }

  /** The bytes of a kept file. */
  source(id: string, size: number): Source {
    return {
      size,
      slice: async (from, to) => {
        const parts: BlobPart[] = [];
        for (let chunk = Math.floor(from / CHUNK); chunk * CHUNK < to; chunk += 1) {
          // oxlint-disable-next-line no-await-in-loop
          const sealed = (await done(this.database.transaction("chunks").objectStore("chunks").get([id, chunk]))) as ArrayBuffer | undefined;
          if (!sealed) throw new NotKept("browser");
          // oxlint-disable-next-line no-await-in-loop
          const plain = await unseal(this.key, placed(id, String(chunk)), sealed);
          const start = chunk * CHUNK;
          parts.push(plain.slice(Math.max(0, from - start), Math.min(plain.byteLength, to - start)));
        }
        return new Blob(parts);
      },
    };
  }

  /** Deletes a file: it is in, or nobody wants to read of it any more. */
  async drop(id: string): Promise<void> {
    const writing = this.database.transaction(["items", "chunks"], "readwrite");
    writing.objectStore("items").delete(id);
    writing.objectStore("chunks").delete(chunksOf(id));
    await ended(writing);
  }

  /** The session has ended or the device was handed over: the key goes. What is sealed stays. */
  close(): void {
    this.database.close();
  }
}
