import { describe, expect, it, vi } from "vitest";
import type { UploadReport } from "../api/types";
import { problemFrom } from "../api/problem";
import { randomId, type Shelf, type Surroundings, UploadManager } from "./manager";
import { type Facts, NotKept } from "./kept";
import type { Answer, Item } from "./queue";

const stored: Answer = {
  kind: "report",
  report: { results: [{ index: 0, name: "a", outcome: "stored", image: { id: "i" }, reason: null }] } as unknown as UploadReport,
};
const consentRequired: Answer = { kind: "problem", problem: problemFrom(422, { code: "consent_required" }) };

/** A world in which nothing happens until the test says so. */
function world(shelf: (key: string) => Promise<Shelf> = () => Promise.reject(new Error("none"))) {
  const destroyed: number[] = [];
  const flights: { item: Item; finish: (answer: Answer) => Promise<void>; aborted: boolean }[] = [];
  const timers: { at: number; then: () => void }[] = [];
  let clock = 0;
  let ids = 0;
  const outside: Surroundings = {
    send: (item) => {
      let resolve: (answer: Answer) => void = () => undefined;
      const answer = new Promise<Answer>((ok) => {
        resolve = ok;
      });
      const flight = {
        item,
        aborted: false,
        finish: async (it: Answer) => {
          resolve(it);
          await answer;
          await Promise.resolve();
        },
      };
      flights.push(flight);
      return {
        answer,
        abort: () => {
          flight.aborted = true;
          resolve({ kind: "lost" });
        },
      };
    },
    now: () => clock,
    random: () => 0,
    newId: () => `id-${(ids += 1)}`,
    wait: (ms, then) => {
      const timer = { at: clock + ms, then };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
    shelf,
    destroy: () => {
      destroyed.push(clock);
    },
  };
  const advance = (to: number) => {
    clock = to;
    for (const timer of timers.splice(0)) {
      if (timer.at <= to) timer.then();
      else timers.push(timer);
    }
  };
  return { flights, advance, destroyed, manager: new UploadManager(outside) };
}

const files = (amount: number) => Array.from({ length: amount }, (_, index) => new File(["x".repeat(10)], `${index}.jpg`));
const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index];
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
};

describe("the upload manager", () => {
  it("sends two, then the next as soon as one has ended, and says which patient to look at", async () => {
    const { manager, flights } = world();
    const arrived = vi.fn();
    manager.onArrived(arrived);
    manager.add({ id: "p1", name: "Mara" }, files(3));
    expect(flights).toHaveLength(2);
    await at(flights, 0).finish(stored);
    expect(flights).toHaveLength(3);
    expect(arrived).toHaveBeenCalledWith("p1");
    await at(flights, 1).finish(stored);
    await at(flights, 2).finish(stored);
    expect(manager.isAtRisk()).toBe(false);
  });

  it("tries again after a lost connection with the same key", async () => {
    const { manager, flights, advance } = world();
    manager.add({ id: "p1", name: "Mara" }, files(1));
    await at(flights, 0).finish({ kind: "lost" });
    expect(flights).toHaveLength(1);
    advance(1000);
    expect(flights).toHaveLength(2);
    expect(at(flights, 1).item.key).toBe(at(flights, 0).item.key);
  });

  it("I1: tells of a HEIC at once, where the server says that it cannot read one", async () => {
    const heic = () => new File([new Uint8Array([0, 0, 0, 16]), "ftypheic", new Uint8Array(64)], "IMG_1.HEIC");
    const jpeg = new File(["x"], "a.jpg");
    const statesWhere = async (readable: readonly string[] | null) => {
      const { manager } = world();
      manager.signedIn("a1", 1000, null, readable);
      manager.add({ id: "p1", name: "Mara" }, [heic(), jpeg]);
      await vi.waitFor(() => expect(manager.snapshot()).toHaveLength(2));
      return manager.snapshot().map((it) => it.state.kind);
    };
    expect(await statesWhere(["jpeg"])).toEqual(["refused", "sending"]);
    expect(await statesWhere(["jpeg", "heic"])).toEqual(["sending", "sending"]);
    expect(await statesWhere(null)).toEqual(["sending", "sending"]);
  });

  it("adds nothing for whoever signed in while a file was looked at", async () => {
    const { manager } = world();
    manager.signedIn("a1", 1000, null, ["jpeg"]);
    manager.add({ id: "p1", name: "Mara" }, [new File(["x"], "a.heic")]);
    manager.signedIn("a2", 1000, null, ["jpeg"]);
    await new Promise((done) => setTimeout(done));
    expect(manager.snapshot()).toEqual([]);
  });

  it("waits for a consent and goes on by itself", async () => {
    const { manager, flights } = world();
    manager.add({ id: "p1", name: "Mara" }, files(2));
    await at(flights, 0).finish(consentRequired);
    await at(flights, 1).finish(consentRequired);
    expect(manager.snapshot().map((it) => it.state.kind)).toEqual(["held", "held"]);
    expect(manager.consentGiven("p1")).toBe(true);
    expect(flights).toHaveLength(4);
    expect(manager.consentGiven("p2")).toBe(false);
  });

  it("stops when the session ends and goes on for the same person only", async () => {
    const { manager, flights } = world();
    manager.signedIn("anna", 1000);
    manager.add({ id: "p1", name: "Mara" }, files(1));
    manager.holdForSignIn();
    expect(at(flights, 0).aborted).toBe(true);
    await Promise.resolve();
    expect(manager.snapshot().map((it) => it.state.kind)).toEqual(["held"]);
    manager.signedIn("anna", 1000);
    expect(flights).toHaveLength(2);
    manager.holdForSignIn();
    manager.signedIn("bert", 1000);
    expect(manager.snapshot()).toEqual([]);
    expect(flights).toHaveLength(2);
  });

  it("leaves nothing behind after signing out", () => {
    const { manager, flights } = world();
    manager.add({ id: "p1", name: "Mara" }, files(2));
    manager.clear("for good");
    expect(manager.snapshot()).toEqual([]);
    expect(flights.every((it) => it.aborted)).toBe(true);
  });
});

it("makes version 4 UUIDs without a secure context", () => {
  const ids = new Set(Array.from({ length: 50 }, randomId));
  expect(ids.size).toBe(50);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

/** A shelf in memory: what the device keeps, without sealing it. */
function memoryShelf() {
  const records = new Map<string, { facts: Facts; tab: number; bytes: Blob | null }>();
  let tab = 0;
  let isFull = false;
  const open = (mine: number): Shelf => {
    let isOpen = true;
    const mustBeOpen = () => {
      if (!isOpen) throw new Error("closed");
    };
    return {
      own: async () => new Map([...records].filter(([, it]) => it.tab === mine).map(([id, it]) => [id, it.facts.refusal ? "refused" : it.bytes ? "whole" : "announced"])),
      takeOver: async (_now, listed) => {
        const found = [...records].filter(([id, it]) => it.tab !== mine || !listed.has(id));
        for (const [id, it] of found) {
          if (it.bytes || it.facts.refusal) it.tab = mine;
          else records.delete(id);
        }
        return found.map(([id, it]) => ({ ...it.facts, id, state: it.facts.refusal ? ("refused" as const) : it.bytes ? ("whole" as const) : ("lost" as const) }));
      },
      refuse: async (id, facts) => {
        mustBeOpen();
        records.set(id, { facts, tab: mine, bytes: null });
      },
      announce: async (id, facts) => {
        mustBeOpen();
        records.set(id, { facts, tab: mine, bytes: null });
      },
      keep: async (id, file, isWanted) => {
        mustBeOpen();
        if (isFull) throw new NotKept("room");
        const record = records.get(id);
        if (!record || !isWanted()) return false;
        record.bytes = file;
        return true;
      },
      source: (id, size) => ({ size, slice: async (from, to) => records.get(id)?.bytes?.slice(from, to) ?? new Blob() }),
      drop: async (id) => {
        records.delete(id);
      },
      close: () => {
        isOpen = false;
      },
    };
  };
  return {
    records,
    fill: () => {
      isFull = true;
    },
    /** What a new page opens. */
    page: () => {
      tab += 1;
      const mine = tab;
      return async () => open(mine);
    },
  };
}

const turns = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("I4: what waits outlives a reload", () => {
  const whose = { id: "p1", name: "Elsa Lindqvist" };
  const three = () => ["a", "b", "c"].map((name) => new File([name.repeat(10)], `${name}.jpg`));

  it("goes on by itself on the next page, with the same keys, and takes off what is in", async () => {
    const shelf = memoryShelf();
    const before = world(shelf.page());
    before.manager.signedIn("anna", 1000, "key");
    before.manager.add(whose, three());
    await turns();
    expect(before.manager.keeping()).toEqual({ left: 3, kept: 3, unable: null });
    expect(before.manager.isAtRisk()).toBe(false);
    await before.flights[0]?.finish(stored);
    await turns();
    expect(shelf.records.size).toBe(2);

    const after = world(shelf.page());
    after.manager.signedIn("anna", 1000, "key");
    await turns();
    expect(after.manager.snapshot().map((it) => [it.name, it.patientName])).toEqual([["b.jpg", "Elsa Lindqvist"], ["c.jpg", "Elsa Lindqvist"]]);
    expect(after.flights.map((it) => it.item.key)).toEqual(before.manager.snapshot().slice(1).map((it) => it.key));
    await Promise.all(after.flights.map((it) => it.finish(stored)));
    await turns();
    expect(shelf.records.size).toBe(0);
    expect(after.manager.keeping()).toEqual({ left: 0, kept: 0, unable: null });
  });

  it("names a file whose bytes were not kept before the page was closed", async () => {
    const shelf = memoryShelf();
    shelf.records.set("x", { facts: { key: "k", patientId: "p1", patientName: "Elsa", name: "half.jpg", size: 9, at: 0 }, tab: -1, bytes: null });
    const { manager, flights } = world(shelf.page());
    manager.signedIn("anna", 1000, "key");
    await turns();
    expect(manager.snapshot()[0]).toMatchObject({ name: "half.jpg", state: { kind: "refused", reason: { code: "lost" } } });
    expect(flights).toHaveLength(0);
    // It stays named until it is dismissed.
    expect(shelf.records.size).toBe(1);
    const next = world(shelf.page());
    next.manager.signedIn("anna", 1000, "key");
    await turns();
    expect(next.manager.snapshot()[0]).toMatchObject({ name: "half.jpg", state: { kind: "refused", reason: { code: "lost" } } });
    next.manager.remove(next.manager.snapshot().map((it) => it.id));
    await turns();
    expect(shelf.records.size).toBe(0);
  });

  it("keeps what was refused, here or by the server, without its bytes, until it is dismissed", async () => {
    const shelf = memoryShelf();
    const before = world(shelf.page());
    before.manager.signedIn("anna", 1000, "key");
    before.manager.add(whose, [new File([], "empty.jpg"), new File(["words"], "words.jpg")]);
    await turns();
    const report = { results: [{ index: 0, name: "words.jpg", outcome: "refused", image: null, reason: { code: "unsupported", message: "This is not a photo.", advice: "Choose another." } }] };
    await before.flights[0]?.finish({ kind: "report", report: report as unknown as UploadReport });
    await turns();
    expect([...shelf.records.values()].map((it) => [it.facts.name, it.bytes])).toEqual([["empty.jpg", null], ["words.jpg", null]]);
    expect(before.manager.isAtRisk()).toBe(false);

    const after = world(shelf.page());
    after.manager.signedIn("anna", 1000, "key");
    await turns();
    expect(after.manager.snapshot()).toMatchObject([
      { name: "empty.jpg", size: 0, patientName: "Elsa Lindqvist", state: { kind: "refused", reason: { code: "empty" } } },
      { name: "words.jpg", size: 5, state: { kind: "refused", reason: { code: "unsupported", message: "This is not a photo.", advice: "Choose another." } } },
    ]);
    expect(after.flights).toHaveLength(0);
    after.manager.remove([at(after.manager.snapshot(), 0).id]);
    await turns();
    expect([...shelf.records.values()].map((it) => it.facts.name)).toEqual(["words.jpg"]);
  });

  it("leaves nothing of a file that was taken off the list while it was being noted", async () => {
    const shelf = memoryShelf();
    const { manager } = world(shelf.page());
    manager.signedIn("anna", 1000, "key");
    await turns();
    manager.add(whose, [new File([], "empty.jpg")]);
    manager.remove(manager.snapshot().map((it) => it.id));
    await turns();
    expect(shelf.records.size).toBe(0);
  });

  it("says that there is no room, and goes on sending", async () => {
    const shelf = memoryShelf();
    shelf.fill();
    const { manager, flights } = world(shelf.page());
    manager.signedIn("anna", 1000, "key");
    manager.add(whose, three());
    await turns();
    expect(manager.keeping()).toEqual({ left: 3, kept: 0, unable: "room" });
    expect(manager.isAtRisk()).toBe(true);
    expect(flights).toHaveLength(2);
  });

  it("N6, A7: keeps nothing more while the session is away, and goes on with the same person", async () => {
    const shelf = memoryShelf();
    const { manager, destroyed } = world(shelf.page());
    manager.signedIn("anna", 1000, "key");
    await turns();
    manager.holdForSignIn();
    manager.add(whose, three());
    await turns();
    expect(shelf.records.size).toBe(0);
    manager.signedIn("anna", 1000, "key");
    await turns();
    expect(manager.keeping().kept).toBe(3);
    expect(destroyed).toEqual([]);
    manager.signedIn("ben", 1000, "other");
    expect(destroyed).toHaveLength(1);
    expect(manager.snapshot()).toEqual([]);
  });

  it("R0: is there again on the same page, however long the session was over", async () => {
    const shelf = memoryShelf();
    const { manager, flights } = world(shelf.page());
    manager.signedIn("anna", 1000, "key");
    manager.add(whose, [...three(), new File([], "empty.jpg")]);
    await turns();
    manager.holdForSignIn();
    manager.clear("on this page");
    manager.signedIn("anna", 1000, "key");
    await turns();
    expect(manager.snapshot().map((it) => [it.name, it.state.kind])).toEqual([["empty.jpg", "refused"], ["a.jpg", "sending"], ["b.jpg", "sending"], ["c.jpg", "waiting"]]);
    expect(flights).toHaveLength(4);
    manager.add(whose, [new File(["d"], "d.jpg")]);
    await turns();
    expect(shelf.records.size).toBe(5);
  });

  it("deletes it at sign-out, and not when a session ended by itself", () => {
    const { manager, destroyed } = world();
    manager.clear("on this page");
    expect(destroyed).toHaveLength(0);
    manager.clear("for good");
    expect(destroyed).toHaveLength(1);
  });
});
