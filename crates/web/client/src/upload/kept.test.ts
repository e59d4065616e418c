/* oxlint-disable no-await-in-loop -- one after the other, as the queue does it */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Device } from "../testing/database";
import type { Facts } from "./kept";
import { Sha256 } from "./sha256";

const MIB = 1 << 20;
const NOW = 1_800_000_000_000;
const facts = (size: number): Facts => ({ key: "k", patientId: "p1", patientName: "Elsa Lindqvist", name: "back.jpg", size, chosenAt: NOW, at: NOW });
const secret = (letter: string): string => letter.repeat(43);
const content = (size: number): Blob => new Blob([Uint8Array.from({ length: size }, (_, index) => index % 251)]);
const digestOf = async (blob: Blob): Promise<string> => new Sha256().update(new Uint8Array(await blob.arrayBuffer())).hex();
const always = () => true;
const silent = () => undefined;
const NONE: ReadonlySet<string> = new Set();

let device: Device;

/** A page of its own: the module knows which tab it is. */
async function page(account = secret("A")) {
  vi.resetModules();
  const tab = device.openTab();
  const { Kept } = await import("./kept");
  return { tab, kept: await Kept.open(account) };
}

beforeEach(() => {
  device = new Device();
  vi.stubGlobal("indexedDB", device.indexedDB);
  vi.stubGlobal("IDBKeyRange", device.keyRange);
  vi.stubGlobal("navigator", device.navigator);
});
afterEach(() => vi.unstubAllGlobals());

describe("I4: what waits is kept on the device", () => {
  it("a page that is loaded again has the same bytes, wherever it reads them from", async () => {
    const first = await page();
    const file = content(2 * MIB + 77);
    await first.kept.note([{ id: "f", facts: facts(file.size) }]);
    expect(await first.kept.keep("f", file, always, silent)).toBe(true);
    device.endTab(first.tab);
    const second = await page();
    expect(await second.kept.takeOver(NOW, NONE)).toEqual([{ ...facts(file.size), id: "f", state: "whole" }]);
    const source = second.kept.source("f", file.size);
    for (const [from, to] of [[0, file.size], [MIB - 3, MIB + 5], [2 * MIB, file.size]] as const) {
      expect(await digestOf(await source.slice(from, to))).toBe(await digestOf(file.slice(from, to)));
    }
    // Nobody else takes it over as well.
    expect((await page()).kept).toBeDefined();
    expect(await (await page()).kept.takeOver(NOW, NONE)).toEqual([]);
  });

  it("finds files in the order in which they were chosen, whenever each was refused", async () => {
    const first = await page();
    const refusal = { code: "unsupported", message: "This is not a photo.", advice: null };
    const chosen = ["third", "first", "second"].map((id) => ({ id, facts: { ...facts(5), chosenAt: NOW + ["first", "second", "third"].indexOf(id), at: NOW + 10 } }));
    await first.kept.note(chosen);
    await first.kept.note([{ id: "first", facts: { ...facts(5), chosenAt: NOW, at: NOW + 20, refusal } }]);
    device.endTab(first.tab);
    expect((await (await page()).kept.takeOver(NOW + 30, NONE)).map(({ id }) => id)).toEqual(["first", "second", "third"]);
  });

  it("a page that has forgotten what it kept finds that again, and leaves alone what it lists", async () => {
    const { kept } = await page();
    for (const id of ["listed", "forgotten"]) {
      await kept.note([{ id: id, facts: facts(5) }]);
      await kept.keep(id, content(5), always, silent);
    }
    expect((await kept.takeOver(NOW, new Set(["listed"]))).map(({ id, state }) => [id, state])).toEqual([["forgotten", "whole"]]);
    expect(device.rows("items").size).toBe(2);
  });

  it("a crash between two parts: its bytes go, and it is found as lost until it is known whether the server has it", async () => {
    const first = await page();
    const file = content(3 * MIB);
    await first.kept.note([{ id: "f", facts: facts(file.size) }]);
    let pieces = 0;
    const told: number[] = [];
    expect(await first.kept.keep("f", file, () => (pieces += 1) <= 2, (bytes) => told.push(bytes))).toBe(false);
    expect(told).toEqual([MIB, 2 * MIB]);
    expect(device.rows("chunks").size).toBe(2);
    device.endTab(first.tab);
    // Also when the page is loaded again before the server has answered.
    for (let reload = 0; reload < 2; reload += 1) {
      const next = await page();
      expect((await next.kept.takeOver(NOW, NONE)).map(({ id, state }) => [id, state])).toEqual([["f", "lost"]]);
      expect([device.rows("items").size, device.rows("chunks").size]).toEqual([1, 0]);
      expect([...(await next.kept.own())]).toEqual([["f", "noted"]]);
      device.endTab(next.tab);
    }
  });

  it.each(["refused", "taken off"])("of a file that is %s while it is being kept nothing stays", async (how) => {
    const { kept } = await page();
    const size = 6 * MIB;
    await kept.note([{ id: "f", facts: facts(size) }]);
    const refusal = { code: "unsupported", message: "This is not a photo.", advice: null };
    let ending = Promise.resolve();
    const isKept = await kept.keep("f", content(size), always, (bytes) => {
      if (bytes === MIB) ending = how === "refused" ? kept.note([{ id: "f", facts: { ...facts(size), refusal } }]) : kept.drop("f");
    });
    await ending;
    expect(isKept).toBe(false);
    expect([device.rows("items").size, device.rows("chunks").size]).toEqual([how === "refused" ? 1 : 0, 0]);
  });

  it("a list is noted in one step: all of it or nothing", async () => {
    const { kept } = await page();
    const refusal = { code: "unsupported", message: "This is not a photo.", advice: null };
    const list = ["a", "b", "c"].map((id) => ({ id, facts: id === "b" ? { ...facts(5), refusal } : facts(5) }));
    device.room = 500;
    await expect(kept.note(list)).rejects.toMatchObject({ why: "room" });
    expect(device.rows("items").size).toBe(0);
    device.room = Number.POSITIVE_INFINITY;
    await kept.note(list);
    expect([...(await kept.own())]).toEqual([["a", "noted"], ["b", "refused"], ["c", "noted"]]);
  });

  it("two tabs: what an open one holds is left to it", async () => {
    const first = await page();
    await first.kept.note([{ id: "f", facts: facts(5) }]);
    await first.kept.keep("f", content(5), always, silent);
    const second = await page();
    expect(await second.kept.takeOver(NOW, NONE)).toEqual([]);
    expect([...(await first.kept.own())]).toEqual([["f", "whole"]]);
    expect([...(await second.kept.own())]).toEqual([]);
    device.endTab(first.tab);
    expect((await second.kept.takeOver(NOW, NONE)).map(({ id }) => id)).toEqual(["f"]);
    expect([...(await second.kept.own())]).toEqual([["f", "whole"]]);
  });

  it("a device that is full says so, and is not left with half a part", async () => {
    const { kept } = await page();
    await kept.note([{ id: "f", facts: facts(3 * MIB) }]);
    device.room = MIB + 1000;
    await expect(kept.keep("f", content(3 * MIB), always, silent)).rejects.toMatchObject({ why: "room" });
    expect(device.rows("chunks").size).toBe(1);
    expect([...(await kept.own())]).toEqual([["f", "noted"]]);
    device.room = 0;
    await expect(kept.note([{ id: "g", facts: facts(1) }])).rejects.toMatchObject({ why: "room" });
    expect(device.rows("items").size).toBe(1);
    await kept.drop("f");
    expect([device.rows("items").size, device.rows("chunks").size]).toEqual([0, 0]);
  });

  it("another account opens nothing: what was kept is deleted", async () => {
    const first = await page();
    await first.kept.note([{ id: "f", facts: facts(5) }]);
    await first.kept.keep("f", content(5), always, silent);
    device.endTab(first.tab);
    const other = await page(secret("B"));
    expect(await other.kept.takeOver(NOW, NONE)).toEqual([]);
    expect([device.rows("items").size, device.rows("chunks").size]).toEqual([0, 0]);
  });

  it("nothing on the device can be read without the key", async () => {
    const { kept } = await page();
    await kept.note([{ id: "f", facts: facts(5) }]);
    await kept.keep("f", new Blob(["pixels of the back"]), always, silent);
    const bytes = [...device.stores.values()].flatMap(({ rows }) => [...rows.values()]).flatMap((row) => (row instanceof ArrayBuffer ? [row] : Object.values(row as object).filter((it) => it instanceof ArrayBuffer)));
    const text = bytes.map((it) => new TextDecoder("latin1").decode(it)).join();
    expect(bytes.length).toBeGreaterThan(2);
    expect(text).not.toMatch(/Lindqvist|back|pixels/);
  });

  it("a record that was damaged is dropped alone; a part that was damaged or moved is not read", async () => {
    const first = await page();
    for (const id of ["bad", "good"]) {
      await first.kept.note([{ id: id, facts: facts(2 * MIB) }]);
      await first.kept.keep(id, content(2 * MIB), always, silent);
    }
    const items = device.rows("items") as Map<string, { facts: ArrayBuffer }>;
    new Uint8Array(items.get('"bad"')?.facts ?? new ArrayBuffer(1)).fill(1, 20, 21);
    const chunks = device.rows("chunks");
    // The two parts of the good one change places.
    const [one, two] = [chunks.get('["good",0]'), chunks.get('["good",1]')];
    chunks.set('["good",0]', two);
    chunks.set('["good",1]', one);
    device.endTab(first.tab);
    const second = await page();
    expect((await second.kept.takeOver(NOW, NONE)).map(({ id }) => id)).toEqual(["good"]);
    expect([...chunks.keys()].some((key) => key.includes("bad"))).toBe(false);
    await expect(second.kept.source("good", 2 * MIB).slice(0, 10)).rejects.toThrow();
    await second.kept.drop("good");
    await expect(second.kept.source("good", 2 * MIB).slice(0, 10)).rejects.toMatchObject({ why: "browser" });
  });

  it("what waited for more than a week is named and not sent", async () => {
    const first = await page();
    await first.kept.note([{ id: "f", facts: facts(5) }]);
    await first.kept.keep("f", content(5), always, silent);
    device.endTab(first.tab);
    const second = await page();
    expect((await second.kept.takeOver(NOW + 8 * 24 * 3_600_000, NONE)).map(({ state }) => state)).toEqual(["old"]);
    expect([...(await second.kept.own())]).toEqual([["f", "noted"]]);
    expect(device.rows("chunks").size).toBe(0);
  });

  it("what was refused stays by its name and its reason alone, for a week and over every reload, until it is dismissed", async () => {
    const refused = { ...facts(MIB + 1), refusal: { code: "unsupported", message: "This is not a photo.", advice: null } };
    const first = await page();
    await first.kept.note([{ id: "f", facts: facts(refused.size) }]);
    await first.kept.keep("f", content(refused.size), always, silent);
    await first.kept.note([{ id: "f", facts: refused }]);
    expect(device.rows("chunks").size).toBe(0);
    expect([...(await first.kept.own())]).toEqual([["f", "refused"]]);
    const row = device.rows("items").get('"f"') as { facts: ArrayBuffer };
    expect(new TextDecoder("latin1").decode(row.facts)).not.toMatch(/photo|Lindqvist|back/);
    device.endTab(first.tab);
    for (let reload = 0; reload < 2; reload += 1) {
      const next = await page();
      expect(await next.kept.takeOver(NOW, NONE)).toEqual([{ ...refused, id: "f", state: "refused" }]);
      device.endTab(next.tab);
    }
    const late = await page();
    expect(await late.kept.takeOver(NOW + 8 * 24 * 3_600_000, NONE)).toEqual([]);
    expect(device.rows("items").size).toBe(0);
  });

  it("a browser without a database keeps nothing and says so", async () => {
    vi.stubGlobal("indexedDB", undefined);
    await expect(page()).rejects.toMatchObject({ why: "browser" });
  });
});
