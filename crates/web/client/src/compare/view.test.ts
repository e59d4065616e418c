import { describe, expect, it } from "vitest";
import { at, chain, moved, type Point, scaled, turned } from "./matrix";
import { fit, isFound, matrixOf } from "./similarity";
import { FIT, groupMatrix, groupView, isBeyondScreen, mayBeFull, mostZoom, movedAlone, pixelAt, type Placed, PLAIN, placeOf, screenExtent, settledCrop, settledGroup, settledView, shareAt } from "./view";

const frame = { width: 590, height: 700 };
const wide: Placed = { extent: { width: 4032, height: 3024 }, view: PLAIN, alignment: null };
const high: Placed = { extent: { width: 3024, height: 4032 }, view: PLAIN, alignment: null };
const group = chain(moved(31, -12), turned(20), scaled(2.5));
const distance = (one: Point, other: Point) => Math.hypot(one.x - other.x, one.y - other.y);

describe("C2: case 13: 4032×3024 beside 3024×4032", () => {
  const marks = [{ x: 1000, y: 800 }, { x: 3000, y: 1200 }, { x: 2000, y: 2500 }];
  /** Where the same points lie in the high photo. */
  const truth = chain(moved(-300, 500), turned(90), scaled(0.8), moved(300, -3100));
  const other = marks.map((it) => at(truth, it));
  const found = fit({ width: 4032, points: marks }, { width: 3024, points: other });
  const aligned: Placed = { ...high, alignment: isFound(found) ? matrixOf(found.similarity) : null };

  it("a point and its landmark lie in one place, whatever is done to the group", () => {
    expect(isFound(found)).toBe(true);
    let now = groupMatrix(FIT, wide, frame);
    for (let step = 0; step < 300; step += 1) {
      now = chain(moved(Math.sin(step) * 9, 4), turned(step % 7), scaled(step % 2 ? 1.05 : 0.96), now);
      marks.forEach((mark, index) => {
        const here = at(placeOf(now, wide, wide, frame), mark);
        const there = at(placeOf(now, wide, aligned, frame), other[index] as Point);
        expect(distance(here, there)).toBeLessThan(0.01);
      });
    }
  });

  it("also where the first photo is turned, scaled, cut and shifted on its own", () => {
    const first: Placed = { ...wide, view: { crop: { x: 0.2, y: 0.1, width: 0.5, height: 0.6 }, rotation: 12, scale: 1.4, offset: { x: 0.1, y: -0.2 } } };
    marks.forEach((mark, index) => expect(distance(at(placeOf(group, first, first, frame), mark), at(placeOf(group, first, aligned, frame), other[index] as Point))).toBeLessThan(0.01));
  });
});

it("all of a photo is seen at first, in the middle of its frame", () => {
  const place = placeOf(groupMatrix(FIT, wide, frame), wide, high, frame);
  const corners = [at(place, { x: 0, y: 0 }), at(place, { x: 3024, y: 4032 })];
  expect(corners.map(({ x, y }) => [Math.round(x), Math.round(y)])).toEqual([[-262, -350], [263, 350]]);
});

it("a crop fills the frame with what is left", () => {
  const view = { ...PLAIN, crop: { x: 0.5, y: 0.5, width: 0.5, height: 0.25 } };
  const cut: Placed = { ...wide, view };
  const middle = at(placeOf(groupMatrix(FIT, cut, frame), cut, cut, frame), { x: 4032 * 0.75, y: 3024 * 0.625 });
  expect(distance(middle, { x: 0, y: 0 })).toBeLessThan(1e-9);
});

it("another frame shows the same place at the same zoom: what is in the middle stays there", () => {
  const seen = groupView(group, wide, frame);
  expect(groupView(groupMatrix(seen, wide, frame), wide, frame).zoom).toBeCloseTo(2.5, 9);
  const middle = shareAt(placeOf(group, wide, wide, frame), wide.extent, { x: 0, y: 0 });
  const other = { width: 1180, height: 640 };
  const again = shareAt(placeOf(groupMatrix(seen, wide, other), wide, wide, other), wide.extent, { x: 0, y: 0 });
  expect(distance(middle, again)).toBeLessThan(1e-9);
});

it("one photo moved alone lies where the hand took it, and the group stays", () => {
  const change = chain(moved(40, -25), turned(15), scaled(1.2));
  const before = placeOf(group, wide, high, frame);
  const after = placeOf(group, wide, { ...high, view: movedAlone(PLAIN, change, group, frame) }, frame);
  for (const point of [{ x: 0, y: 0 }, { x: 3024, y: 4032 }, { x: 900, y: 2000 }]) expect(distance(at(chain(change, before), point), at(after, point))).toBeLessThan(0.02);
});

it("what can be stored has its limits", () => {
  expect(settledView({ crop: null, rotation: 540, scale: 99, offset: { x: -11, y: 12 } })).toEqual({ crop: null, rotation: 180, scale: 40, offset: { x: -10, y: 10 } });
  expect(settledView({ crop: null, rotation: -180, scale: 0.001, offset: { x: 0, y: 0 } })).toMatchObject({ rotation: 180, scale: 0.05 });
  expect(settledCrop({ x: 0.9, y: -1, width: 0.5, height: 2 })).toEqual({ x: 0.5, y: 0, width: 0.5, height: 1 });
  expect(settledCrop({ x: 0, y: 0, width: 1, height: 1 })).toBeNull();
});

it("the group is not lost from sight", () => {
  const most = mostZoom(wide, frame, 2);
  expect(settledGroup({ zoom: 1000, turn: 0, x: 0, y: 0 }, wide, most).zoom).toBe(most);
  const far = settledGroup({ zoom: 1, turn: 370, x: 1e9, y: -1e9 }, wide, most);
  expect([far.turn, far.x, far.y]).toEqual([10, 2520, -2520]);
  expect(settledGroup({ zoom: 0.01, turn: 0, x: 0, y: 0 }, wide, most).zoom).toBe(0.5);
});

it("case 16: of sixteen photos of 24 megapixels two get their full size, and only where the screen's is not enough", () => {
  const many = Array.from({ length: 16 }, (_, index) => ({ id: String(index), width: 6000, height: 4000 }));
  expect(mayBeFull(many)).toEqual(["0", "1"]);
  const extent = { width: 6000, height: 4000 };
  expect(screenExtent(extent).height).toBeCloseTo(1066.667, 3);
  expect(isBeyondScreen(scaled(0.25), extent, 1)).toBe(false);
  expect(isBeyondScreen(scaled(0.3), extent, 1)).toBe(true);
  expect(isBeyondScreen(scaled(9), { width: 1200, height: 800 }, 2)).toBe(false);
});

it("shares and pixels lead back to each other", () => {
  const place = placeOf(group, wide, high, frame);
  const share = { x: 0.3, y: 0.8 };
  expect(distance(shareAt(place, high.extent, at(place, pixelAt(high.extent, share))), share)).toBeLessThan(1e-9);
});
