import { expect, it } from "vitest";
import { angleOf, around, at, chain, css, IDENTITY, inverse, moved, scaled, scaleOf, turned, upright } from "./matrix";

it("does the last one first, and back again", () => {
  const all = chain(moved(10, 20), turned(90), scaled(2));
  const there = at(all, { x: 3, y: 4 });
  expect(there.x).toBeCloseTo(10 - 8, 12);
  expect(there.y).toBeCloseTo(20 + 6, 12);
  const back = at(inverse(all), there);
  expect([back.x, back.y].map((it) => Number(it.toFixed(9)))).toEqual([3, 4]);
  expect([scaleOf(all), angleOf(all)].map((it) => Number(it.toFixed(9)))).toEqual([2, 90]);
});

it("keeps the point about which it turns", () => {
  const kept = at(around({ x: 7, y: -3 }, chain(turned(33), scaled(1.7))), { x: 7, y: -3 });
  expect(kept.x).toBeCloseTo(7, 12);
  expect(kept.y).toBeCloseTo(-3, 12);
});

it("angles lie above −180 and up to 180 degrees", () => {
  expect([0, 180, -180, 190, -190, 720, 359.5].map(upright)).toEqual([0, 180, 180, -170, 170, 0, -0.5]);
});

it("is written as the style sheet wants it", () => expect(css(chain(IDENTITY, moved(1, 2), scaled(3)))).toBe("matrix(3, 0, 0, 3, 1, 2)"));
