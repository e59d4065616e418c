import { describe, expect, it } from "vitest";
import { deviceName, isStalled, meansOf, settings, wanted, whyNone } from "./device";

const fault = (name: string) => Object.assign(new Error(name), { name });

describe("I6: the cameras of a device", () => {
  it.each([
    ["NotAllowedError", "denied"],
    ["SecurityError", "denied"],
    ["NotFoundError", "none"],
    ["OverconstrainedError", "none"],
    ["NotReadableError", "busy"],
    ["AbortError", "busy"],
    ["TypeError", "failed"],
  ] as const)("%s means that it is %s", (name, why) => expect(whyNone(fault(name))).toBe(why));

  it("asks for the back camera and its size by ideal, never by exact or advanced", () => {
    expect(wanted(null)).toEqual({ audio: false, video: { width: { ideal: 4032 }, height: { ideal: 3024 }, facingMode: { ideal: "environment" } } });
    expect(wanted("abc").video).toHaveProperty("deviceId", { exact: "abc" });
    expect(JSON.stringify(wanted("abc"))).not.toContain("advanced");
  });

  it("keeps the size when zoom or torch are set", () => {
    expect(settings(2, true)).toEqual({ width: { ideal: 4032 }, height: { ideal: 3024 }, advanced: [{ zoom: 2, torch: true }] });
    expect(settings(null, false).advanced).toEqual([{ torch: false }]);
  });

  it("offers zoom and torch only where there are some", () => {
    expect(meansOf({})).toEqual({ zoom: null, hasTorch: false });
    expect(meansOf({ zoom: { min: 1, max: 1, step: 0.1 } } as MediaTrackCapabilities).zoom).toBeNull();
    expect(meansOf({ zoom: { min: 1, max: 8, step: 0 }, torch: true } as MediaTrackCapabilities)).toEqual({ zoom: { min: 1, max: 8, step: 0.1 }, hasTorch: true });
  });

  it("says with which lens and zoom a photo was taken, and when it is a frame", () => {
    expect(deviceName("Back Triple Camera", 2.04, "photo")).toBe("Back Triple Camera, zoom 2");
    expect(deviceName(" Back\nCamera ", 1, "frame")).toBe("Back Camera, frame");
    expect(deviceName("", null, "photo")).toBe("");
    expect(deviceName("x".repeat(400), 3, "frame").length).toBeLessThanOrEqual(200);
  });

  it("case 15: has stopped when no frame came for half a second", () => {
    expect(isStalled(1000, 1500)).toBe(false);
    expect(isStalled(1000, 1501)).toBe(true);
  });
});
