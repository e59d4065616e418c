import { describe, expect, it } from "vitest";
import { down, isTap, keyed, move, NO_HAND, up, wheel } from "./gesture";
import { angleOf, at, type Matrix, scaleOf } from "./matrix";

const near = (matrix: Matrix, from: { x: number; y: number }, to: { x: number; y: number }) => {
  const there = at(matrix, from);
  expect([there.x, there.y].map((it) => Number(it.toFixed(6)) + 0)).toEqual([to.x, to.y]);
};

describe("C2: a hand", () => {
  it("moves the photo with one finger", () => {
    const { change, hand } = move(down(NO_HAND, 1, { x: 5, y: 5 }), 1, { x: 25, y: -5 });
    near(change, { x: 0, y: 0 }, { x: 20, y: -10 });
    expect(isTap(hand)).toBe(false);
    expect(isTap(move(down(NO_HAND, 1, { x: 5, y: 5 }), 1, { x: 8, y: 5 }).hand)).toBe(true);
  });

  it("zooms with two, about what is between them, and does not tilt the photo by a little twist", () => {
    const two = down(down(NO_HAND, 1, { x: -100, y: 0 }), 2, { x: 100, y: 0 });
    const { change, hand } = move(two, 2, { x: 200, y: 10 });
    expect(scaleOf(change)).toBeCloseTo(Math.hypot(300, 10) / 200, 9);
    expect(angleOf(change)).toBeCloseTo(0, 9);
    expect(isTap(up(up(hand, 1), 2))).toBe(false);
  });

  it("turns once it has turned far enough, and then without slack: both fingers stay where they are on the photo", () => {
    let hand = down(down(NO_HAND, 1, { x: 0, y: 0 }), 2, { x: 100, y: 0 });
    const step = (degrees: number) => {
      const point = { x: 100 * Math.cos((degrees * Math.PI) / 180), y: 100 * Math.sin((degrees * Math.PI) / 180) };
      const done = move(hand, 2, point);
      hand = done.hand;
      return { change: done.change, point };
    };
    expect(angleOf(step(5).change)).toBeCloseTo(0, 9);
    expect(angleOf(step(10).change)).toBeCloseTo(0, 9);
    const before = { x: 100 * Math.cos(Math.PI / 18), y: 100 * Math.sin(Math.PI / 18) };
    const { change, point } = step(30);
    expect(angleOf(change)).toBeCloseTo(20, 6);
    near(change, { x: 0, y: 0 }, { x: 0, y: 0 });
    near(change, before, { x: Number(point.x.toFixed(6)), y: Number(point.y.toFixed(6)) });
  });

  it("a third finger changes nothing", () => {
    const three = down(down(down(NO_HAND, 1, { x: 0, y: 0 }), 2, { x: 100, y: 0 }), 3, { x: 50, y: 50 });
    expect(scaleOf(move(three, 3, { x: 90, y: 90 }).change)).toBe(1);
    expect(move(three, 9, { x: 1, y: 1 }).hand).toBe(three);
  });
});

it("the wheel zooms where the pointer is; with Alt it turns", () => {
  const zoom = wheel({ x: 30, y: 40 }, -100, false, false);
  expect(scaleOf(zoom)).toBeGreaterThan(1.1);
  near(zoom, { x: 30, y: 40 }, { x: 30, y: 40 });
  const turn = wheel({ x: 30, y: 40 }, 100, false, true);
  expect([scaleOf(turn), angleOf(turn)].map((it) => Number(it.toFixed(6)))).toEqual([1, 10]);
});

it("every key has its movement", () => {
  const matrices = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "+", "-", "[", "]", "{", "}"].map((key) => keyed(key, false));
  expect(matrices.every((it) => it !== null && it !== "fit")).toBe(true);
  expect(keyed("0", false)).toBe("fit");
  expect(keyed("x", false)).toBeNull();
  near(keyed("ArrowLeft", true) as Matrix, { x: 0, y: 0 }, { x: 10, y: 0 });
});
