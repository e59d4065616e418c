import { describe, expect, it } from "vitest";
import { chips, PRESETS, presetOf, startOf } from "./filters";

describe("P4: the days that are often asked for", () => {
  it("count today and begin on the right day, also over a leap day", () => {
    const starts = (today: string) => PRESETS.map((preset) => startOf(preset, today));
    expect(starts("2026-11-27")).toEqual(["2026-11-21", "2026-10-29", "2026-01-01", "2025-11-27"]);
    expect(starts("2024-02-29")).toEqual(["2024-02-23", "2024-01-31", "2024-01-01", "2023-03-01"]);
    expect(starts("2026-01-03")).toEqual(["2025-12-28", "2025-12-05", "2026-01-01", "2025-01-03"]);
  });

  it("are recognised on the same day only, and said as days afterwards", () => {
    const filter = { imageDate: { from: "2026-11-21" } };
    const label = (today: string) => chips(filter, today)[0]?.label;
    expect(label("2026-11-27")).toBe("Photo taken: last 7 days");
    expect(label("2026-11-28")).toMatch(/^Photo taken: from .*2026$/);
    expect(presetOf({ from: "2026-11-21", to: "2026-11-27" }, "2026-11-27")).toBeUndefined();
    expect(presetOf({ to: "2026-11-27" }, "2026-11-27")).toBeUndefined();
  });
});
