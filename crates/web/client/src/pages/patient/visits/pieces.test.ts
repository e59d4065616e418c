import { describe, expect, it } from "vitest";
import { piecesOf } from "./pieces";

const said = (text: string, ...others: string[]): string => piecesOf(text, others).map((it) => (it.isDiffering ? `[${it.text}]` : it.text)).join("|");

describe("F8: what differs between two texts", () => {
  it("is marked line by line, with a line on each side, and the rest left out", () => {
    expect(said("a\nb\nc\n5 mg\nd\ne\nf", "a\nb\nc\n7 mg\nd\ne\nf")).toBe("…|c|[5 mg]|d|…");
    expect(said("x\nb\nc\nd\ny", "a\nb\nc\nd\ne")).toBe("[x]|b|…|d|[y]");
    expect(said("a\nb\nc\nd", "a\nb\nX\nc\nd")).toBe("…|b|c|…");
    expect(said("", "a")).toBe("");
  });

  it("of a text that holds both are the lines that one of them has not", () => {
    expect(said("a\n7 mg\n5 mg\nb", "a\n5 mg\nb", "a\n7 mg\nb")).toBe("a|[7 mg]|[5 mg]|b");
  });
});
