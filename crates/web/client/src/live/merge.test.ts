import { describe, expect, it } from "vitest";
import shared from "../../../../live/vectors/merge.json?raw";
import { chance } from "../testing/clock";
import { keepBoth, merge } from "./merge";

const vectors = JSON.parse(shared) as readonly {
  readonly about: string;
  readonly base: string;
  readonly theirs: string;
  readonly ours: string;
  /** Null is a clash. */
  readonly merged: string | null;
}[];

const LINES = ["", "a", "b", "c", "10 mg", "20 mg"];
const textBy = (random: () => number): string => Array.from({ length: Math.floor(random() * 7) }, () => LINES[Math.floor(random() * LINES.length)]).join("\n");
const count = (text: string, line: string): number => text.split("\n").filter((it) => it === line).length;
const wordsOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");

describe("merging", () => {
  it("comes to what the server comes to, by the vectors of both", () => {
    expect(vectors.length).toBeGreaterThan(20);
    for (const { about, base, theirs, ours, merged } of vectors) expect(merge(base, theirs, ours), about).toBe(merged);
  });

  it("holds what both wrote and nothing that nobody wrote, 100,000 times by chance", () => {
    const random = chance(2);
    let clashes = 0;
    for (let round = 0; round < 100_000; round += 1) {
      const [base, theirs, ours] = [textBy(random), textBy(random), textBy(random)];
      const merged = merge(base, theirs, ours);
      if ((merged === null) !== (merge(base, ours, theirs) === null)) expect.fail(`a clash from one side only: ${JSON.stringify([base, theirs, ours])}`);
      if (merged === null) clashes += 1;
      else {
        for (const line of wordsOf(merged)) if (count(merged, line) > count(theirs, line) + count(ours, line)) expect.fail(`${line} doubled: ${JSON.stringify([base, theirs, ours])}`);
        for (const line of [...wordsOf(theirs), ...wordsOf(ours)]) if (count(base, line) === 0 && count(merged, line) === 0) expect.fail(`${line} lost: ${JSON.stringify([base, theirs, ours])}`);
      }
    }
    expect(clashes).toBeGreaterThan(1000);
    expect(clashes).toBeLessThan(99_000);
  });

  it("takes one side alone as it is", () => {
    const random = chance(3);
    for (let round = 0; round < 5000; round += 1) {
      const [base, changed] = [textBy(random), textBy(random)];
      expect([merge(base, changed, base), merge(base, base, changed), merge(base, changed, changed)]).toEqual([changed, changed, changed]);
    }
  });

  it("never merges within a line: of two doses no third comes out", () => {
    expect(merge("Prednisolone 5 mg daily", "Prednisolone 10 mg daily", "Prednisolone 20 mg daily")).toBeNull();
  });

  it("keeps both of the lines that clash, the saved ones first, and every other line once", () => {
    expect(keepBoth("same\n10 mg\nend", "same\n7 mg daily\nend", "same\n5 mg daily\nend")).toBe("same\n7 mg daily\n5 mg daily\nend");
    // What only one changed is taken from it.
    expect(keepBoth("a\nb\nc\nd", "A\nb\nc\nD", "AA\nb\nC\nd")).toBe("A\nAA\nb\nC\nD");
    expect(keepBoth("a\nb\nc", "c", "a\nB\nc")).toBe("a\nB\nc");
    expect(keepBoth("", "one", "two")).toBe("one\ntwo");
  });

  it("keeping both loses no line that either wrote, and is the merge where nothing clashes, 10,000 times by chance", () => {
    const random = chance(4);
    for (let round = 0; round < 10_000; round += 1) {
      const [base, theirs, ours] = [textBy(random), textBy(random), textBy(random)];
      const [both, merged] = [keepBoth(base, theirs, ours), merge(base, theirs, ours)];
      if (merged !== null && theirs !== base && ours !== base && ours !== theirs) expect(both).toBe(merged);
      for (const line of wordsOf(both)) if (count(both, line) > count(theirs, line) + count(ours, line)) expect.fail(`${line} doubled: ${JSON.stringify([base, theirs, ours])}`);
      for (const line of [...wordsOf(theirs), ...wordsOf(ours)]) if (count(base, line) === 0 && count(both, line) === 0) expect.fail(`${line} lost: ${JSON.stringify([base, theirs, ours])}`);
    }
  });

  it("a text of many lines takes no time, nor one that is wholly another", () => {
    const long = (name: string): string => Array.from({ length: 30_000 }, (_, index) => `${name}${index % 7}`).join("\n");
    const began = performance.now();
    expect(merge(long("a"), long("b"), long("c"))).toBeNull();
    expect(merge(long("a"), `${long("a")}\nx`, `y\n${long("a")}`)).toBe(`y\n${long("a")}\nx`);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
