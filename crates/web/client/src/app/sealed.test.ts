import { beforeEach, describe, expect, it, vi } from "vitest";

/** A storage as browsers have it, in this world without a page. */
function fakeStorage(): Map<string, string> {
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
  return kept;
}

const KEY = "A".repeat(43);
const OTHER = `B${"A".repeat(42)}`;
/** The module anew, as after a reload. */
async function reloaded() {
  vi.resetModules();
  return { ...(await import("./sealed")), ...(await import("../api/contact")) };
}

describe("F11, C40: what the client remembers", () => {
  let kept: Map<string, string>;
  beforeEach(() => {
    kept = fakeStorage();
  });

  it("is there again after a reload in the same session, and is no plain text in the browser", async () => {
    const first = await reloaded();
    await first.unseal(KEY);
    first.remember("patients.search", "Lindqvist");
    await vi.waitFor(() => expect(kept.get(first.SEALED)).toBeDefined());
    await first.unseal(KEY);
    expect([...kept.values()].join()).not.toContain("Lindqvist");
    await vi.waitFor(async () => {
      const next = await reloaded();
      await next.unseal(KEY);
      expect(next.recall("patients.search")).toBe("Lindqvist");
    });
  });

  it("cannot be read with another session's key, and is gone then", async () => {
    const first = await reloaded();
    await first.unseal(KEY);
    first.remember("patients.search", "Lindqvist");
    await vi.waitFor(() => expect(kept.size).toBe(1));
    const next = await reloaded();
    await next.unseal(OTHER);
    expect(next.recall("patients.search")).toBeUndefined();
    // It seals what it has, which is nothing.
    await vi.waitFor(() => expect(kept.size).toBe(1));
  });

  it("is forgotten with the person", async () => {
    const first = await reloaded();
    await first.unseal(KEY);
    first.remember("patients.search", "Lindqvist");
    first.forgotten();
    expect(first.recall("patients.search")).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 0));
    await vi.waitFor(() => expect(kept.size).toBe(0));
  });

  it("N6: is out of reach while the device is handed over, and there again with the key", async () => {
    const first = await reloaded();
    await first.unseal(KEY);
    first.remember("patients.search", "Lindqvist");
    first.putAway();
    expect(first.recall("patients.search")).toBeUndefined();
    // What the server answers meanwhile.
    await first.unseal(null);
    expect(first.recall("patients.search")).toBeUndefined();
    await first.unseal(KEY);
    expect(first.recall("patients.search")).toBe("Lindqvist");
    // A key that was on its way counts no more.
    first.putAway();
    const late = first.unseal(KEY);
    first.putAway();
    await late;
    expect(first.recall("patients.search")).toBeUndefined();
    expect([...kept.values()].join()).not.toContain("Lindqvist");
  });

  it("stays in memory where nothing can be sealed", async () => {
    const first = await reloaded();
    await first.unseal(null);
    first.remember("patients.search", "x");
    expect(first.recall("patients.search")).toBe("x");
    expect(kept.size).toBe(0);
  });
});
