import { describe, expect, it } from "vitest";
import { laterThan } from "./interval";

describe("E6: the interval since the visit before", () => {
  const from = "2026-01-01T10:00:00Z";
  const after = (days: number) => laterThan(from, new Date(Date.parse(from) + days * 86_400_000).toISOString(), "UTC");

  it("is told in the unit in which people count that long", () => {
    expect([0, 1, 13, 14, 21, 69, 70, 365, 729, 731, 1500].map(after)).toEqual([
      "same day",
      "1 day later",
      "13 days later",
      "2 weeks later",
      "3 weeks later",
      "10 weeks later",
      "2 months later",
      "12 months later",
      "24 months later",
      "2 years later",
      "4 years later",
    ]);
  });

  it("counts the days of the practice's zone, not hours", () => {
    expect(laterThan("2026-01-01T22:30:00Z", "2026-01-01T23:30:00Z", "Europe/Berlin")).toBe("1 day later");
    expect(laterThan("2026-01-01T22:30:00Z", "2026-01-01T23:30:00Z", "UTC")).toBe("same day");
  });
});
