import { describe, expect, it } from "vitest";
import vectors from "../../../../compare/vectors/similarity.json";
import { measure } from "./measure";
import { fit, isFound, isIncomplete } from "./similarity";

type Pair = readonly number[];
const point = ([x = 0, y = 0]: Pair) => ({ x, y });
const side = ({ width, points }: { width: number; points: readonly Pair[] }) => ({ width, points: points.map(point) });

/** As the vectors say of themselves. */
const same = (found: number, expected: number, what: string) => expect(Math.abs(found - expected), what).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));

interface Expected {
  readonly scale?: number;
  readonly rotation?: number;
  readonly translation?: Pair;
  readonly residualPixels: number;
  readonly residualShare: number;
  readonly isChecked?: boolean;
}

describe("C3: the twin of the server's arithmetic passes the shared vectors", () => {
  it("has some", () => expect(vectors.similarity.length + vectors.measurement.length).toBeGreaterThan(40));

  it.each(vectors.similarity)("$name", (vector) => {
    const expected = "expect" in vector ? (vector.expect as unknown as Expected) : null;
    const found = fit(side(vector.reference), side(vector.image));
    if ("refusal" in vector) {
      expect(isFound(found) ? "found" : found.problem.code).toBe(vector.refusal);
      if (isFound(found) || found.problem.code !== "residual" || !expected) return;
      same(found.problem.pixels, expected.residualPixels, "pixels");
      same(found.problem.share, expected.residualShare, "share");
      return;
    }
    if (!isFound(found) || !expected) throw new Error("it should fit");
    const { similarity } = found;
    same(similarity.scale, expected.scale ?? 0, "scale");
    same(similarity.rotation, expected.rotation ?? 0, "rotation");
    const [x = 0, y = 0] = expected.translation ?? [];
    same(similarity.translation.x, x, "x");
    same(similarity.translation.y, y, "y");
    same(found.residualPixels, expected.residualPixels, "pixels");
    same(found.residualShare, expected.residualShare, "share");
    expect(found.isChecked).toBe(expected.isChecked);
  });

  it.each(vectors.measurement)("$name", (vector) => {
    const ruler = { from: point(vector.ruler.from), to: point(vector.ruler.to), millimetres: vector.ruler.millimetres };
    const found = measure(vector.width, ruler, point(vector.from), point(vector.to));
    if ("refusal" in vector) expect(found).toBe(vector.refusal);
    else if (typeof found === "string" || !vector.expect) throw new Error("it should be measured");
    else {
      same(found.millimetres, vector.expect.millimetres, "length");
      same(found.uncertainty, vector.expect.uncertaintyMillimetres, "uncertainty");
    }
  });
});

it("while somebody marks points, there are simply not enough yet", () => {
  expect((["counts", "too_few", "in_line"] as const).map((code) => isIncomplete({ code } as never))).toEqual([true, true, false]);
});
