import { describe, expect, it } from "vitest";
import { changesBetween } from "./diff";

const short = (before: string, after: string): string[] =>
  changesBetween(before, after).flatMap(({ kind, lines }) => (kind === "skipped" ? [`… ${lines.length}`] : lines.map((line) => `${{ same: " ", added: "+", removed: "-" }[kind]}${line}`)));

describe("what changed between two versions of the notes", () => {
  it("is told line by line", () => {
    expect(short("a\nb\nc", "a\nB\nc\nd")).toEqual([" a", "-b", "+B", " c", "+d"]);
    expect(short("", "a")).toEqual(["-", "+a"]);
    expect(short("a\nx\nb\ny", "x\nb\nz\ny")).toEqual(["-a", " x", " b", "+z", " y"]);
  });

  it("leaves out what stayed the same further away", () => {
    const many = Array.from({ length: 20 }, (_, at) => `line ${at}`);
    expect(short(many.join("\n"), [...many, "new"].join("\n"))).toEqual(["… 18", " line 18", " line 19", "+new"]);
    expect(short(many.join("\n"), many.join("\n"))).toEqual(["… 20"]);
  });

  it("is quick with two long texts that have nothing in common", () => {
    const start = performance.now();
    const long = (mark: string) => Array.from({ length: 8000 }, (_, at) => `${mark}${at}`).join("\n");
    changesBetween(long("a"), long("b"));
    changesBetween(long("a").slice(0, 9000), long("b").slice(0, 9000));
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
