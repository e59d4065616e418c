import { describe, expect, it } from "vitest";
import type { Notice } from "../api/types";
import { summary } from "./notices";

const notice = (code: string, severity: Notice["severity"]): Notice => ({
  code,
  severity,
  message: `${code} is so.`,
  remedy: "Do something.",
  since: "2026-11-22T09:30:00Z",
});

describe("the strip about notices", () => {
  it("is not there when there is nothing to say", () => {
    expect(summary([])).toBeNull();
  });

  it("says what matters most, whatever the order, and counts the others", () => {
    const found = summary([notice("disk_low", "warning"), notice("integrity", "critical"), notice("checkpoint", "warning")]);
    expect(found).toMatchObject({ first: { code: "integrity" }, others: 2, tone: "bad" });
  });

  it("is calm about what can wait", () => {
    expect(summary([notice("disk_low", "warning")])).toMatchObject({ first: { code: "disk_low" }, others: 0, tone: "warn" });
  });
});
