/* oxlint-disable no-await-in-loop -- one after the other */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Device } from "../testing/database";
import type { KeptVisit } from "./draft";

const NOW = 1_800_000_000_000;
const DAY = 24 * 3_600_000;
const secret = (letter: string): string => letter.repeat(43);
const visit = (local: string): KeptVisit => ({
  patient: "p1",
  entry: "v1",
  fields: { notes: { base: { version: 3, text: "Elsa Lindqvist" }, flight: { seq: 7, base: 3, change: { set: "x" }, text: "x" }, local, clash: null, isAdrift: false } },
});

let device: Device;
let now: number;

async function shelf(account = secret("A")) {
  vi.resetModules();
  device.openTab();
  const { KeptEdits } = await import("./keptEdits");
  return KeptEdits.open(account, () => now);
}

beforeEach(() => {
  now = NOW;
  device = new Device();
  vi.stubGlobal("indexedDB", device.indexedDB);
  vi.stubGlobal("IDBKeyRange", device.keyRange);
  vi.stubGlobal("navigator", device.navigator);
});
afterEach(() => vi.unstubAllGlobals());

describe("R0: edits that are not acknowledged", () => {
  it("are there again for the next page, to the letter, each visit of each client once", async () => {
    const first = await shelf();
    for (const local of ["typed", "typed on"]) await first.keep("c1", "v1", visit(local));
    await first.keep("c2", "v1", visit("of another page"));
    const second = await shelf();
    expect(await second.all()).toEqual([
      { client: "c1", visit: visit("typed on") },
      { client: "c2", visit: visit("of another page") },
    ]);
    expect(await second.clients()).toEqual(new Set(["c1", "c2"]));
    await second.keep("c1", "v1", null);
    expect([await second.clients(), device.rows("edits").size]).toEqual([new Set(["c2"]), 1]);
    await second.keep("c1", "v1", visit("typed again"));
    await second.keep("c1", "v1", visit("and again"));
    expect(device.rows("edits").size).toBe(2);
  });

  it("cannot be read on the device", async () => {
    const kept = await shelf();
    await kept.keep("c1", "v1", visit("a naevus"));
    const rows = [...device.rows("edits").values()] as Record<string, unknown>[];
    const text = rows.map((row) => JSON.stringify(row) + new TextDecoder("latin1").decode(row["visit"] as ArrayBuffer)).join();
    expect(rows).toHaveLength(1);
    expect(text).not.toMatch(/Lindqvist|naevus|p1|v1/);
  });

  it("are not opened by another account, whose sign-in deletes them", async () => {
    await (await shelf()).keep("c1", "v1", visit("typed"));
    expect(await (await shelf(secret("B"))).all()).toEqual([]);
    expect(await (await shelf()).all()).toEqual([]);
  });

  it("are deleted after a week, and so is what was damaged or moved to another client", async () => {
    const first = await shelf();
    await first.keep("c1", "v1", visit("old"));
    now += 7 * DAY + 1;
    await first.keep("c2", "v1", visit("new"));
    await first.keep("c3", "v1", visit("of three"));
    for (const row of device.rows("edits").values()) {
      const record = row as { client: string };
      if (record.client === "c3") record.client = "c4";
    }
    expect((await (await shelf()).all()).map(({ client }) => client)).toEqual(["c2"]);
    expect(device.rows("edits").size).toBe(1);
  });

  it("are written so that a power cut leaves all of it or nothing, and a full device says so", async () => {
    const kept = await shelf();
    await kept.keep("c1", "v1", visit("typed"));
    device.room = 0;
    await expect(kept.keep("c1", "v1", visit("typed on"))).rejects.toThrow();
    expect(await (await shelf()).all()).toEqual([{ client: "c1", visit: visit("typed") }]);
  });
});
