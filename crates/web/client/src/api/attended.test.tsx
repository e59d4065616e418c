import { afterEach, describe, expect, it, vi } from "vitest";
import { serve } from "../testing/server";
import { isAttended } from "./attended";
import { http, take } from "./client";
import { heard, lastHeard } from "./contact";

const SESSION = "GET /api/v1/session";

afterEach(() => void vi.useRealTimers());

describe("C13: what a page asks by itself is no use of the session", () => {
  it("says so to the server, and does not put off the end of the session here", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    serve({ [SESSION]: { body: {} } });
    const answering = globalThis.fetch;
    const said: (string | null)[] = [];
    vi.stubGlobal("fetch", (request: Request) => {
      said.push(request.headers.get("x-cutis-background"));
      return answering(request);
    });
    heard(1);
    document.dispatchEvent(new Event("pointerdown"));
    await take(http.GET("/api/v1/session"));
    const used = lastHeard();
    expect(used).toBe(Date.now());
    vi.setSystemTime(Date.now() + 21_000);
    expect(isAttended()).toBe(false);
    await take(http.GET("/api/v1/session"));
    expect(lastHeard()).toBe(used);
    document.dispatchEvent(new Event("keydown"));
    await take(http.GET("/api/v1/session"));
    expect(lastHeard()).toBe(Date.now());
    expect(said).toEqual([null, "1", null]);
  });
});
