import { describe, expect, it } from "vitest";
import { correction, narrowed } from "./serverClock";

const AT = Date.UTC(2026, 10, 28, 12, 0, 0);

describe("the server's time", () => {
  it("leaves a clock alone that may be right", () => {
    const bounds = narrowed(null, AT, AT + 300, AT + 400);
    expect(correction(bounds)).toBe(0);
    expect(correction(null)).toBe(0);
  });

  it("I6: corrects a clock that is an hour slow, and better with every answer", () => {
    const hour = 3_600_000;
    // The true second began 100 ms before the request, then 900 ms before it.
    let bounds = narrowed(null, AT, AT + 100 - hour, AT + 150 - hour);
    expect(Math.abs(correction(bounds) - hour)).toBeLessThan(600);
    bounds = narrowed(bounds, AT + 5000, AT + 5900 - hour, AT + 5950 - hour);
    expect(Math.abs(correction(bounds) - hour)).toBeLessThan(150);
  });

  it("begins anew when a clock was set", () => {
    const bounds = narrowed(narrowed(null, AT, AT, AT + 50), AT + 10_000, AT + 500_000, AT + 500_050);
    expect(correction(bounds)).toBeLessThan(-480_000);
  });
});
