import { describe, expect, it, vi } from "vitest";
import type { UploadReport } from "../api/types";
import { problemFrom } from "../api/problem";
import type { Shelf } from "./keeping";
import { randomId, type Surroundings, UploadManager } from "./manager";
import { NotKept } from "./box";
import type { Facts, Source } from "./kept";
import type { Answer, Item } from "./queue";
import type { Sending } from "./send";

const stored: Answer = {
  kind: "report",
  report: { results: [{ index: 0, name: "a", outcome: "stored", image: { id: "i" }, reason: null }] } as unknown as UploadReport,
};
const consentRequired: Answer = { kind: "problem", problem: problemFrom(422, { code: "consent_required" }) };

/** A world in which nothing happens until the test says so. */
function world(shelf: (key: string) => Promise<Shelf> = () => Promise.reject(new Error("none"))) {
  const destroyed: number[] = [];
  const flights: { item: Item; isQuestion: boolean; finish: (answer: Answer) => Promise<void>; aborted: boolean }[] = [];
  const sources: Source[] = [];
  const timers: { at: number; then: () => void }[] = [];
  let clock = 0;
  let ids = 0;
  const fly =
    (isQuestion: boolean) =>
    (item: Item): Sending => {
      let resolve: (answer: Answer) => void = () => undefined;
      const answer = new Promise<Answer>((ok) => {
        resolve = ok;
      });
      const flight = {
        item,
        isQuestion,
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
    };
  const outside: Surroundings = {
    send: (item, source) => {
      sources.push(source);
      return fly(false)(item);
    },
    askFor: fly(true),
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
  return { flights, sources, advance, destroyed, manager: new UploadManager(outside) };
}

const photo = (name: string) => new File([new Uint8Array([255, 216, 255, 224])], name);
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
    void manager.add({ id: "p1", name: "Mara" }, files(3));
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
    void manager.add({ id: "p1", name: "Mara" }, files(1));
    await at(flights, 0).finish({ kind: "lost" });
    expect(flights).toHaveLength(1);
    advance(1000);
    expect(flights).toHaveLength(2);
    expect(at(flights, 1).item.key).toBe(at(flights, 0).item.key);
  });

  it("I1: tells at once of what can never be added, where the server has said what it reads", async () => {
    const heic = () => new File([new Uint8Array([0, 0, 0, 16]), "ftypheic", new Uint8Array(64)], "IMG_1.HEIC");
    const statesWhere = async (readable: readonly string[] | null) => {
      const { manager, flights } = world();
      manager.signedIn("a1", 1000, null, readable);
      void manager.add({ id: "p1", name: "Mara" }, [heic(), photo("a.jpg"), new File(["Dear colleague"], "notes.jpg")]);
      await vi.waitFor(() => expect(manager.snapshot().at(-1)?.state.kind).toBe(readable ? "refused" : "waiting"));
      expect(flights.map((it) => it.aborted)).toEqual(readable?.includes("heic") === false ? [true, false] : [false, false]);
      return manager.snapshot().map((it) => it.state.kind);
    };
    expect(await statesWhere(["jpeg"])).toEqual(["refused", "sending", "refused"]);
    expect(await statesWhere(["jpeg", "heic"])).toEqual(["sending", "sending", "refused"]);
    expect(await statesWhere(null)).toEqual(["sending", "sending", "waiting"]);
  });

  it("N2: tells of it also while the patient's consent is missing", async () => {
    const { manager, flights } = world();
    manager.signedIn("a1", 1000, null, ["jpeg"]);
    void manager.add({ id: "p1", name: "Mara" }, [photo("a.jpg")]);
    await at(flights, 0).finish(consentRequired);
    void manager.add({ id: "p1", name: "Mara" }, [photo("b.jpg"), new File(["Dear colleague"], "notes.txt")]);
    await vi.waitFor(() => expect(manager.snapshot().map((it) => it.state.kind)).toEqual(["held", "held", "refused"]));
    expect(manager.snapshot().at(-1)?.state).toMatchObject({ reason: { code: "unsupported", message: expect.stringContaining("not a photo") } });
    expect(flights).toHaveLength(1);
  });

  it("reads nothing for sending before it is known what a file is", async () => {
    const read: string[] = [];
    const words = new File(["Dear colleague"], "notes.txt");
    const { manager, sources } = world();
    manager.signedIn("a1", 1000, null, ["jpeg"]);
    void manager.add({ id: "p1", name: "Mara" }, [words]);
    const reading = at(sources, 0).slice(0, 1);
    void reading.then(() => read.push(manager.snapshot().map((it) => it.state.kind).join()));
    await reading;
    await Promise.resolve();
    expect(read).toEqual(["refused"]);
  });

  it("adds nothing for whoever signed in while a file was looked at", async () => {
    const { manager } = world();
    manager.signedIn("a1", 1000, null, ["jpeg"]);
    const looked = manager.add({ id: "p1", name: "Mara" }, [new File(["x"], "a.heic")]);
    manager.signedIn("a2", 1000, null, ["jpeg"]);
    await looked;
    expect(manager.snapshot()).toEqual([]);
  });

  it("waits for a consent and goes on by itself", async () => {
    const { manager, flights } = world();
    void manager.add({ id: "p1", name: "Mara" }, files(2));
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
    void manager.add({ id: "p1", name: "Mara" }, files(1));
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
    void manager.add({ id: "p1", name: "Mara" }, files(2));
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
  /** Steps in which something was noted, and how many files in each. */
  const steps: number[] = [];
  /** What holds up the keeping of bytes. */
  let gate: Promise<void> = Promise.resolve();
  const open = (mine: number): Shelf => {
    let isOpen = true;
    const mustBeOpen = () => {
      if (!isOpen) throw new Error("closed");
    };
    return {
      own: async () => new Map([...records].filter(([, it]) => it.tab === mine).map(([id, it]) => [id, it.facts.refusal ? "refused" : it.bytes ? "whole" : "noted"])),
      takeOver: async (_now, listed) => {
        const found = [...records].filter(([id, it]) => it.tab !== mine || !listed.has(id));
        for (const [, it] of found) it.tab = mine;
        return found.toSorted(([, one], [, other]) => one.facts.chosenAt - other.facts.chosenAt).map(([id, it]) => ({ ...it.facts, id, state: it.facts.refusal ? ("refused" as const) : it.bytes ? ("whole" as const) : ("lost" as const) }));
      },
      note: async (noted) => {
        mustBeOpen();
        steps.push(noted.length);
        for (const { id, facts } of noted) records.set(id, { facts, tab: mine, bytes: null });
      },
      keep: async (id, file, isWanted, onKept) => {
        mustBeOpen();
        onKept(Math.ceil(file.size / 2));
        await gate;
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
    steps,
    /** Keeps no bytes until the answer is called. */
    stop: () => {
      let open: () => void = () => undefined;
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
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
    void before.manager.add(whose, three());
    await turns();
    expect(before.manager.keeping()).toEqual({ kept: 3, keptBytes: 30, bytes: 30, isSaving: false, unable: null });
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
    expect(after.manager.keeping()).toMatchObject({ kept: 0, bytes: 0, isSaving: false, unable: null });
  });

  it("I6: so does what the camera said of a photo", async () => {
    const shelf = memoryShelf();
    const said = { capturedAt: "2026-11-28T09:30:00.000Z", view: "anterior", entryId: "e1" };
    const before = world(shelf.page());
    before.manager.signedIn("anna", 1000, "key");
    const id = before.manager.addShot(whose, new File(["jpeg"], "shot.jpg"), said);
    expect(before.manager.snapshot().map((it) => [it.id, it.said])).toEqual([[id, said]]);
    await turns();
    const after = world(shelf.page());
    after.manager.signedIn("anna", 1000, "key");
    await turns();
    expect(after.flights.map(({ item }) => [item.key, item.said])).toEqual(before.flights.map(({ item }) => [item.key, said]));
  });

  it("E4: files that were added on the page of a visit go into it as they are stored, also after a reload", async () => {
    const shelf = memoryShelf();
    const before = world(shelf.page());
    before.manager.signedIn("anna", 1000, "key");
    const files = [new File(["one"], "one.jpg"), new File(["two"], "two.jpg")];
    const ids = before.manager.addTo(whose, "e1", files);
    expect(before.manager.snapshot().map((it) => [it.id, it.said])).toEqual(ids.map((id) => [id, { entryId: "e1" }]));
    await turns();
    const after = world(shelf.page());
    after.manager.signedIn("anna", 1000, "key");
    await turns();
    expect(after.manager.snapshot().map((it) => it.said)).toEqual([{ entryId: "e1" }, { entryId: "e1" }]);
  });

  describe("a file whose bytes were not kept before the page was closed", () => {
    const half = { key: "k", patientId: "p1", patientName: "Elsa", name: "half.jpg", size: 9, chosenAt: 0, at: 0 };
    const next = (shelf: ReturnType<typeof memoryShelf>) => {
      const made = world(shelf.page());
      made.manager.signedIn("anna", 1000, "key");
      return made;
    };
    const absent: Answer = { kind: "absent" };

    it("is shown as added when the server has it, by its key", async () => {
      const shelf = memoryShelf();
      shelf.records.set("x", { facts: half, tab: -1, bytes: null });
      const { manager, flights } = next(shelf);
      const arrived = vi.fn();
      manager.onArrived(arrived);
      await turns();
      expect(flights.map((it) => [it.isQuestion, it.item.key])).toEqual([[true, "k"]]);
      expect(manager.isAtRisk()).toBe(false);
      await at(flights, 0).finish(stored);
      await turns();
      expect(manager.snapshot()[0]).toMatchObject({ name: "half.jpg", state: { kind: "stored", imageId: "i" } });
      expect(arrived).toHaveBeenCalledWith("p1");
      expect(shelf.records.size).toBe(0);
    });

    it("is named when the server has it not, and stays named until it is dismissed", async () => {
      const shelf = memoryShelf();
      shelf.records.set("x", { facts: half, tab: -1, bytes: null });
      const { manager, flights, advance } = next(shelf);
      await turns();
      await at(flights, 0).finish(absent);
      // It may be storing it at this moment.
      expect(manager.snapshot()[0]?.state.kind).toBe("backoff");
      advance(1000);
      await at(flights, 1).finish(absent);
      advance(3000);
      await at(flights, 2).finish(absent);
      await turns();
      expect(manager.snapshot()[0]).toMatchObject({ name: "half.jpg", state: { kind: "refused", reason: { code: "lost" } } });
      expect(flights).toHaveLength(3);
      const after = next(shelf);
      await turns();
      expect(after.manager.snapshot()[0]).toMatchObject({ name: "half.jpg", state: { kind: "refused", reason: { code: "lost" } } });
      expect(after.flights).toHaveLength(0);
      after.manager.remove(["x"]);
      await turns();
      expect(shelf.records.size).toBe(0);
    });

    it("is asked for again by the next page when no answer came", async () => {
      const shelf = memoryShelf();
      shelf.records.set("x", { facts: half, tab: -1, bytes: null });
      await turns();
      const first = next(shelf);
      await turns();
      await at(first.flights, 0).finish({ kind: "lost" });
      const second = next(shelf);
      await turns();
      expect(second.flights.map((it) => it.isQuestion)).toEqual([true]);
    });
  });

  it("notes the whole list, with what was refused, in one step before any bytes", async () => {
    const shelf = memoryShelf();
    const open = shelf.stop();
    const { manager, advance } = world(shelf.page());
    manager.signedIn("anna", 1000, "key");
    await turns();
    void manager.add(whose, [...three(), new File([], "empty.jpg")]);
    await turns();
    expect(shelf.steps).toEqual([4]);
    const times = [...shelf.records.values()].map((it) => it.facts.chosenAt);
    expect(new Set(times).size).toBe(4);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    // Also what is chosen while the bytes of others are being kept.
    advance(1);
    void manager.add(whose, [new File(["d"], "d.jpg"), new File([], "nothing.jpg")]);
    await turns();
    expect(shelf.steps).toEqual([4, 2]);
    const after = world(shelf.page());
    after.manager.signedIn("anna", 1000, "key");
    await turns();
    expect(after.manager.snapshot().map((it) => [it.name, it.gone ?? it.state.kind])).toEqual([["a.jpg", "lost"], ["b.jpg", "lost"], ["c.jpg", "lost"], ["empty.jpg", "refused"], ["d.jpg", "lost"], ["nothing.jpg", "refused"]]);
    open();
  });

  it("says how much is kept while it is being kept, and that closing the page would lose the rest", async () => {
    const shelf = memoryShelf();
    const open = shelf.stop();
    const { manager } = world(shelf.page());
    manager.signedIn("anna", 1000, "key");
    void manager.add(whose, three());
    expect(manager.keeping().isSaving).toBe(true);
    expect(manager.isAtRisk()).toBe(true);
    await turns();
    expect(manager.keeping()).toEqual({ kept: 0, keptBytes: 5, bytes: 30, isSaving: true, unable: null });
    open();
    await turns();
    expect(manager.keeping()).toEqual({ kept: 3, keptBytes: 30, bytes: 30, isSaving: false, unable: null });
    expect(manager.isAtRisk()).toBe(false);
  });

  it("would lose the names of what was refused before they are noted", async () => {
    const shelf = memoryShelf();
    const { manager } = world(shelf.page());
    manager.signedIn("anna", 1000, "key");
    await turns();
    void manager.add(whose, [new File([], "empty.jpg")]);
    expect(manager.isAtRisk()).toBe(true);
    await turns();
    expect(manager.isAtRisk()).toBe(false);
  });

  it("keeps what was refused, here or by the server, without its bytes, until it is dismissed", async () => {
    const shelf = memoryShelf();
    const before = world(shelf.page());
    before.manager.signedIn("anna", 1000, "key");
    void before.manager.add(whose, [new File([], "empty.jpg"), new File(["words"], "words.jpg")]);
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

  it("lists what was refused in the order in which it was chosen, also after two reloads, whichever answer came first", async () => {
    const shelf = memoryShelf();
    const { manager, flights, advance } = world(shelf.page());
    manager.signedIn("anna", 1000, "key");
    await turns();
    void manager.add(whose, three());
    await turns();
    const report = { results: [{ index: 0, name: "x", outcome: "refused", image: null, reason: { code: "unsupported", message: "This is not a photo.", advice: null } }] };
    for (const [time, name] of ["b.jpg", "c.jpg", "a.jpg"].entries()) {
      advance(time + 1);
      // oxlint-disable-next-line no-await-in-loop -- one answer after the other
      await flights.find((it) => it.item.name === name)?.finish({ kind: "report", report: report as unknown as UploadReport });
      // oxlint-disable-next-line no-await-in-loop
      await turns();
    }
    for (let reload = 0; reload < 2; reload += 1) {
      const after = world(shelf.page());
      after.manager.signedIn("anna", 1000, "key");
      // oxlint-disable-next-line no-await-in-loop -- one page after the other
      await turns();
      expect(after.manager.snapshot().map((it) => [it.name, it.state.kind])).toEqual([["a.jpg", "refused"], ["b.jpg", "refused"], ["c.jpg", "refused"]]);
    }
  });

  it("leaves nothing of a file that was taken off the list while it was being noted", async () => {
    const shelf = memoryShelf();
    const { manager } = world(shelf.page());
    manager.signedIn("anna", 1000, "key");
    await turns();
    void manager.add(whose, [new File([], "empty.jpg")]);
    manager.remove(manager.snapshot().map((it) => it.id));
    await turns();
    expect(shelf.records.size).toBe(0);
  });

  it("says that there is no room, and goes on sending", async () => {
    const shelf = memoryShelf();
    shelf.fill();
    const { manager, flights } = world(shelf.page());
    manager.signedIn("anna", 1000, "key");
    void manager.add(whose, three());
    await turns();
    expect(manager.keeping()).toMatchObject({ kept: 0, isSaving: false, unable: "room" });
    expect(manager.isAtRisk()).toBe(true);
    expect(flights).toHaveLength(2);
  });

  it("N6, A7: keeps nothing more while the session is away, and goes on with the same person", async () => {
    const shelf = memoryShelf();
    const { manager, destroyed } = world(shelf.page());
    manager.signedIn("anna", 1000, "key");
    await turns();
    manager.holdForSignIn();
    void manager.add(whose, three());
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
    void manager.add(whose, [...three(), new File([], "empty.jpg")]);
    await turns();
    manager.holdForSignIn();
    manager.clear("on this page");
    manager.signedIn("anna", 1000, "key");
    await turns();
    expect(manager.snapshot().map((it) => [it.name, it.state.kind])).toEqual([["a.jpg", "sending"], ["b.jpg", "sending"], ["c.jpg", "waiting"], ["empty.jpg", "refused"]]);
    expect(flights).toHaveLength(4);
    void manager.add(whose, [new File(["d"], "d.jpg")]);
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
