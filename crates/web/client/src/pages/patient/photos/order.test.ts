import { expect, it } from "vitest";
import { moved } from "../../../resources/images";
import { moveBy, moveTo, type Where } from "./order";

const pool = ["a", "b", "c", "d", "e"].map((id) => ({ id }));
const after = (chosen: string[], where: Where): string | null => {
  const move = moveBy(pool, new Set(chosen), where);
  return move && (moved(pool, [move])?.map((it) => it.id).join("") ?? "not here");
};

it("I3: photos go one place earlier or later, or to an end", () => {
  expect(after(["c"], "earlier")).toBe("acbde");
  expect(after(["c"], "later")).toBe("abdce");
  expect(after(["c"], "start")).toBe("cabde");
  expect(after(["c"], "end")).toBe("abdec");
  expect(after(["a"], "earlier")).toBe(null);
  expect(after(["e"], "later")).toBe(null);
});

it("several go as one block, in their order", () => {
  expect(after(["b", "d"], "earlier")).toBe("bdace");
  expect(after(["b", "d"], "later")).toBe("acebd");
  expect(after(["b", "d"], "end")).toBe("acebd");
  expect(after(["a", "b"], "start")).toBe(null);
  expect(after(["a", "b", "c", "d", "e"], "later")).toBe(null);
  expect(after([], "later")).toBe(null);
});

it("a dropped one goes to a place among the others", () => {
  expect(moveTo(pool, new Set(["b"]), 3)).toEqual({ images: ["b"], after: "d" });
  expect(moveTo(pool, new Set(["b"]), 0)).toEqual({ images: ["b"], after: null });
  expect(moveTo(pool, new Set(["b"]), 1)).toBe(null);
});

it("a list that lacks one of them is not guessed", () => {
  expect(moved(pool, [{ images: ["x"], after: null }])).toBe(null);
  expect(moved(pool, [{ images: ["a"], after: "x" }])).toBe(null);
  expect(moved(pool, [{ images: ["a"], after: "b" }, { images: ["e"], after: null }])?.map((it) => it.id)).toEqual(["e", "b", "a", "c", "d"]);
});
