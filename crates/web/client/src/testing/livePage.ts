/** Pages with a live connection, for tests: each a client of its own over the same device, server and clock. */
import type { KeptEdits } from "../live/keptEdits";
import { Live } from "../live/live";
import type { KeptVisit } from "../live/draft";
import type { VisitHandle } from "../live/view";
import { type Clock, settled } from "./clock";
import type { LiveServer } from "./liveServer";

/** What lies on the device, as text: what a page wrote is there after it is gone. */
export class Shelf {
  readonly records = new Map<string, string>();
  /** Clients whose page is alive. */
  readonly alive = new Set<string>();
  isFull = false;

  open(): KeptEdits {
    const { records } = this;
    const found = () => [...records].map(([id, visit]) => ({ client: id.split(" ")[0] ?? "", visit: JSON.parse(visit) as KeptVisit }));
    const shelf: Pick<KeptEdits, "all" | "clients" | "keep" | "close"> = {
      all: () => Promise.resolve(found()),
      clients: () => Promise.resolve(new Set(found().map(({ client }) => client))),
      keep: (client, entry, visit) => {
        if (this.isFull) return Promise.reject(new Error("full"));
        if (visit) records.set(`${client} ${entry}`, JSON.stringify(visit));
        else records.delete(`${client} ${entry}`);
        return Promise.resolve();
      },
      close: () => undefined,
    };
    return shelf as KeptEdits;
  }
}

export interface Page {
  readonly live: Live;
  readonly visit: VisitHandle;
  /** Types the whole text of the notes. */
  readonly type: (text: string) => void;
  readonly notes: () => string;
  readonly status: () => string;
  readonly ended: string[];
  readonly suspicions: ((isReachable: boolean) => void)[];
  /** It crashes: nothing of it goes on, and its lock is free. */
  readonly crash: () => void;
  readonly hide: () => void;
}

export const SESSION = { accountId: "a1", queueKey: "k" };

export async function openPage(clock: Clock, server: LiveServer, shelf: Shelf, client: string, entry = "v1"): Promise<Page> {
  let isAlive = true;
  const held = new Set([client]);
  shelf.alive.add(client);
  const ended: string[] = [];
  const suspicions: ((isReachable: boolean) => void)[] = [];
  const wires = new Set<{ close: () => void }>();
  const live = new Live({
    now: clock.now,
    random: () => 0,
    wait: (ms, then) => clock.wait(ms, () => isAlive && then()),
    connect: (events) => {
      const wire = server.connect(events);
      wires.add(wire);
      return wire;
    },
    claim: () => Promise.resolve(client),
    take: (other) => {
      if (shelf.alive.has(other)) return Promise.resolve(null);
      shelf.alive.add(other);
      held.add(other);
      return Promise.resolve(() => void (held.delete(other) && shelf.alive.delete(other)));
    },
    shelf: () => Promise.resolve(shelf.open()),
    suspect: (answer) => void suspicions.push(answer),
    ended: (why) => void ended.push(why),
  });
  await live.follow({ kind: "in", session: SESSION });
  const visit = live.visit("p1", entry);
  const hide = live.show(visit);
  await settled();
  return {
    live,
    visit,
    type: (text) => visit.set("notes", text),
    notes: () => visit.snapshot().values.notes,
    status: () => visit.snapshot().status.kind,
    ended,
    suspicions,
    crash: () => {
      isAlive = false;
      for (const it of held) shelf.alive.delete(it);
      for (const wire of wires) wire.close();
    },
    hide,
  };
}
