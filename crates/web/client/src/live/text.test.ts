import { describe, expect, it } from "vitest";
import { chance } from "../testing/clock";
import { apply, between, hashOf, inOneLine, moved, sound, splicesBetween } from "./text";

const PIECES = ["a", "b", "é", "🩺", "🩸", "\n", "\n", "10 mg"];
const textBy = (random: () => number, most = 12): string => Array.from({ length: Math.floor(random() * most) }, () => PIECES[Math.floor(random() * PIECES.length)]).join("");

describe("splices", () => {
  it("lead from one text to the other and never split a character, 20,000 times by chance", () => {
    const random = chance(1);
    for (let round = 0; round < 20_000; round += 1) {
      const [old, next] = [textBy(random), textBy(random)];
      const one = between(old, next);
      expect(one === null ? old : apply(old, [one])).toBe(next);
      const several = splicesBetween(old, next);
      expect(apply(old, several), JSON.stringify([old, next])).toBe(next);
      expect(several.length === 0).toBe(old === next);
    }
  });

  it("do not fit outside of a text or within a character", () => {
    expect(apply("a", [{ at: 2, remove: 0, insert: "x" }])).toBeNull();
    expect(apply("a", [{ at: 0, remove: 2, insert: "" }])).toBeNull();
    expect(apply("🩺", [{ at: 1, remove: 0, insert: "x" }])).toBeNull();
    expect(apply("🩺", [{ at: 0, remove: 1, insert: "" }])).toBeNull();
    expect(apply("🩺", [{ at: 0, remove: 2, insert: "" }])).toBe("");
  });

  it("follow one another, each on the result of the one before", () => {
    expect(apply("", [{ at: 0, remove: 0, insert: "Naevus" }, { at: 6, remove: 0, insert: " links" }, { at: 0, remove: 1, insert: "n" }])).toBe("naevus links");
  });

  it("in several lines leave a caret between them where it is", () => {
    const splices = splicesBetween("one\ntwo\nthree", "ONE more\ntwo\nthree, last");
    expect(splices).toHaveLength(2);
    expect(moved(5, splices)).toBe(10);
    expect(moved(0, splices)).toBe(0);
    expect(moved(4, [{ at: 2, remove: 6, insert: "x" }])).toBe(3);
  });

  it("of very many lines are one", () => {
    const lines = (name: string): string => Array.from({ length: 2000 }, (_, index) => `${name}${index}`).join("\n");
    const splices = splicesBetween(lines("a"), lines("b"));
    expect([splices.length, apply(lines("a"), splices)]).toEqual([1, lines("b")]);
  });

  it("half a character becomes one that can be sent, as long as it was", () => {
    expect(sound("a\ud83eb")).toBe("a\ufffdb");
    expect(sound("🩺\r\nb\rc")).toBe("🩺\nb\nc");
  });

  it("what nobody sees and the server refuses is left out; what begins a line somewhere does so here, and joins no two doses", () => {
    expect(sound("a\0b\ufeffc\u202bd\u2066e\x1bf\x7fg\uffff")).toBe("abcdefg");
    expect(sound("10\u20285\u20292\f3\u00854\v5")).toBe("10\n5\n2\n3\n4\n5");
    expect(sound("a\tb\u200dc\u00ad \u00a0é")).toBe("a\tb\u200dc\u00ad \u00a0é");
    expect(inOneLine("a\u2028b\0c")).toBe("a bc");
  });

  it("a hash is the first half of the SHA-256 of the UTF-8", () => {
    expect(hashOf("")).toBe("e3b0c44298fc1c149afbf4c8996fb924");
    expect(hashOf("é🩺")).toHaveLength(32);
  });
});
