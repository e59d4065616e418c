import { describe, expect, it, vi } from "vitest";
import type { UploadReport } from "../api/types";
import { problemFrom } from "../api/problem";
import { randomId, type Surroundings, UploadManager } from "./manager";
import type { Answer, Item } from "./queue";

const stored: Answer = {
  kind: "report",
  report: { results: [{ index: 0, name: "a", outcome: "stored", image: { id: "i" }, reason: null }] } as unknown as UploadReport,
};
const consentRequired: Answer = { kind: "problem", problem: problemFrom(422, { code: "consent_required" }) };

/** A world in which nothing happens until the test says so. */
function world() {
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
  };
  const advance = (to: number) => {
    clock = to;
    for (const timer of timers.splice(0)) {
      if (timer.at <= to) timer.then();
      else timers.push(timer);
    }
  };
  return { flights, advance, manager: new UploadManager(outside) };
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
    expect(manager.isBusy()).toBe(false);
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
    manager.clear();
    expect(manager.snapshot()).toEqual([]);
    expect(flights.every((it) => it.aborted)).toBe(true);
  });
});

it("makes version 4 UUIDs without a secure context", () => {
  const ids = new Set(Array.from({ length: 50 }, randomId));
  expect(ids.size).toBe(50);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
