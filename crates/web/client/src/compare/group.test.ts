import { describe, expect, it } from "vitest";
import type { Image } from "../api/types";
import { imageOf } from "../testing/fixtures";
import { SLOWEST_FLASH_MS, waitFor } from "./blink";
import { earlierOf } from "./earlier";
import { fitOf, moveWithin, newGroup, pointsIn, resized, shifted } from "./group";
import { withCorner } from "./AdjustDialog";
import { thinned } from "./pen";
import { intervalOf, onAxis } from "./when";

const site = (code: string, laterality: string | null = null) => ({ code, laterality }) as Image["site"];
const image = (id: string, day: number, more: Partial<Image> = {}): Image => ({ ...imageOf(id), capturedAt: `2026-03-${String(day).padStart(2, "0")}T10:00:00Z`, ...more });

describe("compare with previous", () => {
  const arm = { site: site("arm", "left"), view: "close_up" } as Partial<Image>;
  const now = image("now", 20, arm);

  it("takes the newest earlier photo of the same site, side and view", () => {
    const all = [now, image("later", 25, arm), image("near", 19), image("other side", 18, { ...arm, site: site("arm", "right") }), image("same", 10, arm), image("older", 5, arm)];
    expect(earlierOf(now, all)).toMatchObject({ image: { id: "same" }, isSameView: true });
  });

  it("else the one before it in time, and says so", () => {
    expect(earlierOf(now, [image("far", 2), image("near", 19), now])).toMatchObject({ image: { id: "near" }, isSameView: false });
    expect(earlierOf(image("bare", 20), [image("a", 3), image("b", 4)])).toMatchObject({ image: { id: "b" }, isSameView: false });
    expect(earlierOf(now, [now, image("later", 25)])).toBeNull();
  });

  it("a photo without a capture time counts by its upload", () => {
    expect(earlierOf(now, [{ ...image("up", 1), capturedAt: null, uploadedAt: "2026-03-19T10:00:00Z" }, image("b", 4)])?.image.id).toBe("up");
  });
});

it("a new comparison begins with the oldest photo", () => expect(newGroup([image("b", 9), image("a", 2), image("c", 12)]).photos.map((it) => it.imageId)).toEqual(["a", "b", "c"]));

it("moves a photo within the order", () => {
  expect(moveWithin(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(moveWithin(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(moveWithin(["a"], 5, 0)).toEqual(["a"]);
});

it("the first photo is aligned to nothing, and no other one while neither has points", () => {
  const { photos } = newGroup([image("a", 1), image("b", 2)]);
  expect(photos.map((it) => fitOf(photos, it))).toEqual([null, null]);
  const [first, second] = photos;
  if (!first || !second) throw new Error("two photos");
  const marked = [{ ...first, landmarks: [{ x: 0.1, y: 0.1 }] }, second];
  expect(fitOf(marked, second)).toMatchObject({ problem: { code: "counts", reference: 1, image: 0 } });
});

describe("drawings", () => {
  const arrow = { kind: "arrow", from: { x: 0.1, y: 0.2 }, to: { x: 0.4, y: 0.9 } } as const;
  it("do not leave the photo when they are moved or resized", () => {
    const corner = shifted(arrow, { x: -5, y: 5 });
    expect([corner.from.x, corner.from.y, corner.to.x, corner.to.y].map((it) => Number(it.toFixed(9)))).toEqual([0, 0.3, 0.3, 1]);
    const large = resized(arrow, 50);
    for (const { x, y } of [large.from, large.to]) expect(x >= 0 && x <= 1 && y >= 0 && y <= 1).toBe(true);
    expect(resized({ kind: "circle", centre: { x: 0.5, y: 0.5 }, radius: 0.2 }, 0.5)).toMatchObject({ radius: 0.1 });
  });
  it("lose every other point where a line has too many, never its ends", () => {
    const line = Array.from({ length: 8 }, (_, x) => ({ x, y: 0 }));
    expect(thinned(line).map((it) => it.x)).toEqual([0, 2, 4, 6, 7]);
    expect(pointsIn([arrow, { kind: "freehand", points: line }, { kind: "text", at: arrow.from, text: "a" }])).toBe(11);
  });
});

it("a corner of the crop moves, the opposite one stays, and something is left", () => {
  const crop = { x: 0.2, y: 0.2, width: 0.6, height: 0.6 };
  expect(withCorner(crop, "nw", { x: 0.1, y: 0.3 })).toMatchObject({ x: 0.1, y: 0.3 });
  const tiny = withCorner(crop, "se", { x: -1, y: -1 });
  expect([tiny.x, tiny.y, tiny.width, tiny.height].map((it) => Number(it.toFixed(6)))).toEqual([0.2, 0.2, 0.02, 0.02]);
});

it("intervals are counted as people do, and lie on the axis true to scale", () => {
  const day = (date: string) => `${date}T10:00:00Z`;
  expect([["2026-03-01", "2026-03-01"], ["2026-03-01", "2026-03-20"], ["2026-03-01", "2026-11-20"], ["2020-03-01", "2026-11-20"]].map(([from = "", to = ""]) => intervalOf(day(from), day(to), "UTC"))).toEqual(["same day", "19 days", "9 months", "6 years"]);
  expect(onAxis([day("2026-03-01"), day("2026-03-03"), day("2026-03-11")])).toEqual([0, 0.2, 1]);
  expect(onAxis([day("2026-03-01"), day("2026-03-01")])).toEqual([0.5, 0.5]);
});

it("WCAG 2.3.1: photos change at most three times there and back in a second", () => {
  expect(waitFor(Number.NEGATIVE_INFINITY, 0)).toBe(0);
  expect(waitFor(1000, 1050) + 50).toBeCloseTo(SLOWEST_FLASH_MS / 2, 9);
  expect(waitFor(1000, 1200)).toBe(0);
});
