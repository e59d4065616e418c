/**
 * Edits that the server has not acknowledged, kept on this device over a reload and a crash: one record for each visit and client,
 * sealed in the account's box, written before an edit is sent.
 */
import { type Box, done, ended, LONGEST_MS, openBox, placed, seal, unseal } from "../upload/box";
import { randomId } from "../upload/manager";
import type { KeptVisit } from "./draft";
import type { Keeper } from "./outbox";

interface EditRecord {
  readonly id: string;
  /** Whose edits they are: another page takes them over once that one is gone. */
  readonly client: string;
  readonly at: number;
  readonly visit: ArrayBuffer;
}

export interface FoundVisit {
  readonly client: string;
  readonly visit: KeptVisit;
}

const nameOf = (client: string, entry: string): string => `${client} ${entry}`;

export class KeptEdits implements Keeper {
  /** Under which id the record of a client's visit is: chance, so that it names nothing. */
  private readonly ids = new Map<string, string>();

  private constructor(
    private readonly box: Box,
    private readonly now: () => number,
  ) {}

  static async open(account: string, now: () => number): Promise<KeptEdits> {
    return new KeptEdits(await openBox(account), now);
  }

  /** Everything that can be opened. What cannot, or is older than a week, is deleted. */
  async all(): Promise<readonly FoundVisit[]> {
    const found: FoundVisit[] = [];
    for (const record of await this.records()) {
      // oxlint-disable-next-line no-await-in-loop -- a few, one after the other
      const visit = this.now() - record.at > LONGEST_MS ? null : await this.read(record);
      if (visit) {
        this.ids.set(nameOf(record.client, visit.entry), record.id);
        found.push({ client: record.client, visit });
      }
      // oxlint-disable-next-line no-await-in-loop
      else await this.drop(record.id);
    }
    return found;
  }

  /** The clients of which something is kept. */
  async clients(): Promise<ReadonlySet<string>> {
    return new Set((await this.records()).map(({ client }) => client));
  }

  async keep(client: string, entry: string, visit: KeptVisit | null): Promise<void> {
    const name = nameOf(client, entry);
    const known = this.ids.get(name);
    if (!visit) {
      this.ids.delete(name);
      if (known) await this.drop(known);
      return;
    }
    const id = known ?? randomId();
    this.ids.set(name, id);
    const sealed = await seal(this.box.key, placed(id, client), new TextEncoder().encode(JSON.stringify(visit)));
    const writing = this.box.database.transaction("edits", "readwrite", { durability: "strict" });
    writing.objectStore("edits").put({ id, client, at: this.now(), visit: sealed } satisfies EditRecord);
    await ended(writing);
  }

  /** The session has ended or the device was handed over: the key goes. What is sealed stays. */
  close(): void {
    this.box.database.close();
  }

  private async records(): Promise<readonly EditRecord[]> {
    return (await done(this.box.database.transaction("edits").objectStore("edits").getAll())) as EditRecord[];
  }

  private async read({ id, client, visit }: EditRecord): Promise<KeptVisit | null> {
    try {
      return JSON.parse(new TextDecoder().decode(await unseal(this.box.key, placed(id, client), visit))) as KeptVisit;
    } catch {
      return null;
    }
  }

  private async drop(id: string): Promise<void> {
    const writing = this.box.database.transaction("edits", "readwrite", { durability: "strict" });
    writing.objectStore("edits").delete(id);
    await ended(writing);
  }
}
