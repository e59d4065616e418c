import { describe, expect, it } from "vitest";
import { type Quarters, rollOf, slantOf, turned, turnOf, unfit } from "./fit";

const WIDE = { width: 4032, height: 3024 };
const HIGH = { width: 3024, height: 4032 };

describe("case 14: which photo of the device is the one that the preview promised", () => {
  it.each([
    ["the same", WIDE, WIDE, 0, null],
    ["larger", { width: 8064, height: 6048 }, WIDE, 0, null],
    ["smaller", { width: 640, height: 480 }, { width: 1920, height: 1080 }, 0, "smaller"],
    ["lying otherwise", HIGH, WIDE, 0, "orientation"],
    ["lying otherwise than a preview that is high", WIDE, HIGH, 0, "orientation"],
    ["turned as the device is", HIGH, WIDE, 1, null],
    ["not turned though the device is", WIDE, WIDE, 3, "orientation"],
    ["of a device that is upside down", WIDE, WIDE, 2, "orientation"],
    ["a square, which has no orientation", { width: 3000, height: 3000 }, { width: 2000, height: 2000 }, 1, null],
  ] as const)("%s", (_, photo, stream, turn, why) => expect(unfit(photo, stream, turn)).toBe(why));

  it("turns sizes", () => {
    expect(turned(WIDE, 1)).toEqual(HIGH);
    expect(turned(WIDE, 2)).toEqual(WIDE);
  });
});

/** Down in the plane of the screen, as held upright before a person. */
const UPRIGHT = { beta: 88, gamma: 0 };
const LEFT_EDGE_DOWN = { beta: 0, gamma: -85 };
const RIGHT_EDGE_DOWN = { beta: 0, gamma: 85 };
const UPSIDE_DOWN = { beta: -88, gamma: 0 };

describe("case 14: how a device is held", () => {
  it.each([
    ["upright", UPRIGHT, 0],
    ["on its left edge, as turned to the left", LEFT_EDGE_DOWN, 90],
    ["upside down", UPSIDE_DOWN, 180],
    ["on its right edge", RIGHT_EDGE_DOWN, 270],
  ])("%s", (_, tilt, roll) => expect(rollOf(tilt)).toBeCloseTo(roll, 0));

  it("is not known flat on a table, or without sensors", () => {
    expect(rollOf({ beta: 5, gamma: 3 })).toBeNull();
    expect(rollOf({ beta: null, gamma: null })).toBeNull();
    expect(rollOf(null)).toBeNull();
    expect(turnOf(null, 0, false)).toBe(0);
  });

  // The screen follows: nothing is turned. It is locked at 0: the world's up is at another edge of the frame.
  it.each<[string, typeof UPRIGHT, number, Quarters, Quarters]>([
    ["upright", UPRIGHT, 0, 0, 0],
    ["left edge down", LEFT_EDGE_DOWN, 90, 0, 3],
    ["upside down", UPSIDE_DOWN, 180, 0, 2],
    ["right edge down", RIGHT_EDGE_DOWN, 270, 0, 1],
  ])("rotation lock off and on: %s", (_, tilt, followed, off, on) => {
    expect(turnOf(tilt, followed, false)).toBe(off);
    expect(turnOf(tilt, 0, false)).toBe(on);
    // Seen from the front everything is the other way round.
    expect(turnOf(tilt, 0, true)).toBe(((4 - on) % 4) as Quarters);
  });

  it("turns nothing while the device lies askew", () => expect(turnOf({ beta: 45, gamma: -60 }, 0, false)).toBe(turnOf({ beta: 45, gamma: -60 }, 90, false)));

  it("says how far from level it is", () => {
    expect(slantOf(UPRIGHT)).toBeCloseTo(0, 5);
    expect(Math.abs(slantOf({ beta: 80, gamma: 20 }) ?? 90)).toBeLessThan(6);
    expect(slantOf(LEFT_EDGE_DOWN)).toBeCloseTo(0, 5);
    expect(slantOf(null)).toBeNull();
  });
});
