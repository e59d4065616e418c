import { beforeEach, describe, expect, it, vi } from "vitest";

let answers = true;
const asked: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-27T20:51:00Z") });
  vi.resetModules();
  asked.length = 0;
  answers = true;
  vi.stubGlobal("location", { href: "https://cutis.local/patients" });
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(new URL(request.url).pathname);
    if (!answers) throw new TypeError("no answer");
    return new Response("{}");
  });
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
});

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("F3: whether the server can be reached", () => {
  it("one failure is nothing; after the second the server itself is asked", async () => {
    const reach = await import("./reach");
    answers = false;
    reach.missed();
    await settle();
    expect([asked, reach.awaySince()]).toEqual([[], null]);
    await vi.advanceTimersByTimeAsync(1000);
    reach.missed();
    await settle();
    expect(asked).toEqual(["/health"]);
    expect(reach.awaySince()).toBe(Date.parse("2026-11-27T20:51:00Z"));
  });

  it("a server that answers there is not away", async () => {
    const reach = await import("./reach");
    reach.missed();
    reach.missed();
    await settle();
    expect(asked).toEqual(["/health"]);
    expect(reach.awaySince()).toBeNull();
  });

  it("is asked again at growing intervals, and its return is told once", async () => {
    const reach = await import("./reach");
    const back = vi.fn();
    reach.onComeback(back);
    answers = false;
    reach.missed();
    reach.missed();
    await settle();
    await vi.advanceTimersByTimeAsync(2000);
    await vi.advanceTimersByTimeAsync(4000);
    expect(asked).toHaveLength(3);
    answers = true;
    await vi.advanceTimersByTimeAsync(8000);
    expect(reach.awaySince()).toBeNull();
    expect(back).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(4);
  });
});
