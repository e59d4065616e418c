import { expect, it } from "vitest";
import { AXIS, framesOf, LAYOUTS, MODES } from "./layout";

const stage = { width: 1180, height: 700 };

it("C2: two photos stand beside each other on a wide stage, above each other on a high one", () => {
  expect(framesOf("side_by_side", "auto", 2, stage, 4 / 3).frame).toEqual({ width: 589, height: 700 });
  expect(framesOf("side_by_side", "auto", 2, { width: 390, height: 700 }, 4 / 3).frame).toEqual({ width: 390, height: 349 });
  expect(framesOf("side_by_side", "column", 2, stage, 4 / 3).corners).toEqual([{ x: 0, y: 0 }, { x: 0, y: 351 }]);
});

it("a pair of photos shares the whole stage", () => {
  for (const mode of ["split", "overlay", "blink", "difference"] as const) expect(framesOf(mode, "auto", 2, stage, 1)).toMatchObject({ corners: [{ x: 0, y: 0 }, { x: 0, y: 0 }], frame: stage, whole: stage });
});

it("a timeline is one row above its axis", () => {
  const { corners, frame, whole } = framesOf("timeline", "two", 3, stage, 1);
  expect(corners.map((it) => it.y)).toEqual([0, 0, 0]);
  expect(frame.height).toBe(700 - AXIS);
  expect(whole.width).toBeCloseTo(1180, 6);
});

it("no frame of any way to compare is too small to see, and none lies over another", () => {
  for (const mode of MODES) {
    for (const layout of LAYOUTS) {
      for (let amount = 2; amount <= 16; amount += 1) {
        for (const size of [stage, { width: 320, height: 300 }]) {
          const { corners, frame, whole } = framesOf(mode, layout, amount, size, 4 / 3);
          expect(corners).toHaveLength(amount);
          expect(Math.min(frame.width, frame.height)).toBeGreaterThanOrEqual(150);
          for (const { x, y } of corners) expect(x + frame.width <= whole.width + 0.01 && y + frame.height <= whole.height + 0.01).toBe(true);
          const isPair = ["split", "overlay", "blink", "difference"].includes(mode);
          if (!isPair) expect(new Set(corners.map(({ x, y }) => `${Math.round(x / frame.width)} ${Math.round(y / frame.height)}`)).size).toBe(amount);
        }
      }
    }
  }
});
