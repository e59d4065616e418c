import { describe, expect, it } from "vitest";
import type { Image } from "../../../api/types";
import { byDay, takenAt } from "./group";
import { neighbour } from "./useGridKeys";
import { FIT, fitted, maxScale, percent, settle, wantsFull, zoomAt } from "./zoom";

const image = (id: string, capturedAt: string | null, uploadedAt = "2026-11-22T10:00:00Z") => ({ id, capturedAt, uploadedAt }) as Image;

it("E4: groups by day of capture, by upload where the file tells none, newest day first", () => {
  const days = byDay([image("a", "2026-11-20T23:30:00Z"), image("b", null), image("c", "2026-11-21T05:00:00Z")], "Europe/Berlin");
  expect(days.map((day) => [day.key, day.images.map((it) => it.id)])).toEqual([
    ["2026-11-22", ["b"]],
    ["2026-11-21", ["a", "c"]],
  ]);
});

it("I3: a time of capture after the upload is told as doubtful, a missing one as that of the upload", () => {
  const at = "2027-03-01T10:00:00Z";
  expect(takenAt({ ...image("a", at), capturedInFuture: true }, "UTC")).toBe("1 Mar 2027, 10:00 (date doubtful: later than the upload)");
  expect(takenAt({ ...image("a", at), capturedInFuture: false }, "UTC")).toBe("1 Mar 2027, 10:00");
  expect(takenAt(image("b", null), "UTC")).toBe("uploaded 22 Nov 2026, 10:00");
});

describe("arrow keys over a grid", () => {
  // 3 columns; the second day starts a new row after an incomplete one.
  const boxes = [0, 1, 2, 3, 4, 5, 6].map((index) => ({ left: (index % 3) * 100, top: Math.floor(index / 3) * 100, width: 90, height: 90 }));
  it.each([
    [0, "ArrowRight", 1],
    [0, "ArrowLeft", 0],
    [6, "ArrowRight", 6],
    [1, "ArrowDown", 4],
    [4, "ArrowUp", 1],
    [5, "ArrowDown", 6],
    [6, "ArrowDown", 6],
    [0, "ArrowUp", 0],
  ] as const)("from %i with %s to %i", (from, key, to) => expect(neighbour(boxes, from, key)).toBe(to));
});

describe("zoom and pan", () => {
  const image = { width: 4000, height: 3000 };
  const stage = { width: 1000, height: 600 };
  const fit = fitted(image, stage);
  const max = maxScale(image, fit, 1);

  it("fits the whole image and doesn't blow up a small one beyond twice its pixels", () => {
    expect(fit).toEqual({ width: 800, height: 600 });
    expect(fitted({ width: 100, height: 50 }, stage)).toEqual({ width: 200, height: 100 });
    expect(fitted(image, { width: 0, height: 0 })).toEqual({ width: 0, height: 0 });
  });

  it("keeps what is under the finger where it is", () => {
    const point = { x: 120, y: -80 };
    const view = zoomAt(FIT, 3, point, max);
    // The same place of the image: (point - middle) / scale is unchanged.
    expect((point.x - view.x) / view.scale).toBeCloseTo(point.x);
    expect((point.y - view.y) / view.scale).toBeCloseTo(point.y);
  });

  it("never leaves a gap, never zooms out below the fit or in beyond the limit", () => {
    expect(settle({ scale: 0.2, x: 500, y: 500 }, fit, stage, max)).toEqual(FIT);
    expect(settle({ scale: 2, x: 9999, y: -9999 }, fit, stage, max)).toEqual({ scale: 2, x: 300, y: -300 });
    expect(settle({ scale: 999, x: 0, y: 0 }, fit, stage, max).scale).toBe(max);
  });

  it("tells the zoom in the image's own pixels", () => {
    expect(percent(FIT, fit, image, 1)).toBe(20);
    expect(percent({ ...FIT, scale: 5 }, fit, image, 1)).toBe(100);
    expect(percent({ ...FIT, scale: 2.5 }, fit, image, 2)).toBe(100);
  });

  it("I1: asks for the full size only when the screen rendition has too few pixels", () => {
    expect(wantsFull(FIT, fit, image, 1)).toBe(false);
    expect(wantsFull({ ...FIT, scale: 1.9 }, fit, image, 1)).toBe(false);
    // F6: at fit too, where a sharp screen has more pixels than the rendition.
    expect(wantsFull(FIT, { width: 1000, height: 750 }, image, 2)).toBe(true);
    expect(wantsFull({ ...FIT, scale: 2.5 }, fit, image, 1)).toBe(true);
    expect(wantsFull({ ...FIT, scale: 4 }, fit, { width: 1200, height: 900 }, 1)).toBe(false);
  });
});
