import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Device } from "../testing/database";

let device: Device;
let session: Map<string, string>;

/** A page: its own module, its own copy of sessionStorage. */
async function page(storage: Map<string, string>) {
  vi.resetModules();
  session = storage;
  const tab = device.openTab();
  const module = await import("./tab");
  return { tab, ...module, id: await module.claimClient() };
}

beforeEach(() => {
  device = new Device();
  vi.stubGlobal("navigator", device.navigator);
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => session.get(key) ?? null,
    setItem: (key: string, value: string) => session.set(key, value),
    removeItem: (key: string) => session.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

it("case 6: a reload keeps its id; a duplicated tab, whose storage is copied, gets another one", async () => {
  const storage = new Map<string, string>();
  const first = await page(storage);
  const duplicate = await page(new Map(storage));
  expect(duplicate.id).not.toBe(first.id);
  device.endTab(first.tab);
  expect((await page(storage)).id).toBe(first.id);
});

it("what a page left is taken only once it is gone, and by one page at a time", async () => {
  const first = await page(new Map());
  const second = await page(new Map());
  expect(await second.takeFrom(first.id)).toBeNull();
  device.endTab(first.tab);
  const release = await second.takeFrom(first.id);
  expect(release).not.toBeNull();
  const third = await page(new Map());
  expect(await third.takeFrom(first.id)).toBeNull();
  release?.();
  await Promise.resolve();
  await Promise.resolve();
  expect(await third.takeFrom(first.id)).not.toBeNull();
});

it("another person begins as another client; without locks each page is one", async () => {
  const storage = new Map<string, string>();
  const first = await page(storage);
  first.forgetClient();
  device.endTab(first.tab);
  expect((await page(storage)).id).not.toBe(first.id);
  vi.stubGlobal("navigator", {});
  const bare = await page(storage);
  expect((await page(storage)).id).not.toBe(bare.id);
  expect(await bare.takeFrom("c")).toBeNull();
});
