import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forgotten } from "../api/contact";
import { forgetConfirmed, isConfirmed, noteConfirmed } from "./confirmed";

const minutes = (amount: number): number => amount * 60_000;

describe("I5: when the password was entered", () => {
  beforeEach(() => vi.useFakeTimers({ now: 1_800_000_000_000 }));
  afterEach(() => {
    forgetConfirmed();
    vi.useRealTimers();
  });

  it("counts for the session in which it was, and for less than ten minutes", () => {
    expect(isConfirmed("s1")).toBe(false);
    noteConfirmed("s1");
    vi.setSystemTime(Date.now() + minutes(9));
    expect(isConfirmed("s1")).toBe(true);
    expect(isConfirmed("s2")).toBe(false);
    vi.setSystemTime(Date.now() + minutes(1));
    expect(isConfirmed("s1")).toBe(false);
  });

  it("does not count when the clock was set back, when the server says so, or for the next person", () => {
    noteConfirmed("s1");
    vi.setSystemTime(Date.now() - minutes(1));
    expect(isConfirmed("s1")).toBe(false);
    noteConfirmed("s1");
    forgetConfirmed();
    expect(isConfirmed("s1")).toBe(false);
    noteConfirmed("s1");
    forgotten();
    expect(isConfirmed("s1")).toBe(false);
  });
});
