import { describe, expect, it } from "vitest";
import { onEnter } from "./edit";
import { inline, parse, unmarked } from "./markdown";

const text = (it: string) => ({ kind: "text", text: it });

describe("E1: the Markdown of notes", () => {
  it("reads headings, paragraphs and the lines in them", () => {
    expect(parse("# Findings\nOne line\nand another\n\nNext\n### Plan ##\n#no heading")).toEqual([
      { kind: "heading", level: 1, parts: [text("Findings")] },
      { kind: "paragraph", lines: [[text("One line")], [text("and another")]] },
      { kind: "paragraph", lines: [[text("Next")]] },
      { kind: "heading", level: 3, parts: [text("Plan")] },
      { kind: "paragraph", lines: [[text("#no heading")]] },
    ]);
  });

  it("reads lists, numbers and lists inside of lists", () => {
    const item = (line: string, lists: unknown[] = []) => ({ lines: [[text(line)]], lists });
    const inner = { kind: "list", isNumbered: false, start: 1, items: [item("b")] };
    expect(parse("- a\n  - b\n- c\n3. x\n4) y")).toEqual([
      { kind: "list", isNumbered: false, start: 1, items: [item("a", [inner]), item("c")] },
      { kind: "list", isNumbered: true, start: 3, items: [item("x"), item("y")] },
    ]);
    expect(parse("- a\n  more of it\nno more")).toEqual([
      { kind: "list", isNumbered: false, start: 1, items: [{ lines: [[text("a")], [text("more of it")]], lists: [] }] },
      { kind: "paragraph", lines: [[text("no more")]] },
    ]);
  });

  it("reads bold, italic and links, one inside the other", () => {
    expect(inline("a **b *c* d** _e_ [f](https://g.example/h)")).toEqual([
      text("a "),
      { kind: "bold", parts: [text("b "), { kind: "italic", parts: [text("c")] }, text(" d")] },
      text(" "),
      { kind: "italic", parts: [text("e")] },
      text(" "),
      { kind: "link", parts: [text("f")], to: "https://g.example/h" },
    ]);
  });

  it("leaves alone what is no markup", () => {
    for (const plain of ["2 * 3 * 4", "IMG_2024_01.jpg", "**open", "a ** b", "[x]", "[x] (y)", "[](z)", "<b>no</b> <img src=x onerror=alert(1)>", "1.5 mg", "-5 °C", "_"]) {
      expect(inline(plain), plain).toEqual([text(plain)]);
    }
    expect(inline("\\*no\\* \\[x\\](y) C:\\new")).toEqual([text("*no* [x](y) C:\\new")]);
    expect(parse("-5 °C")).toEqual([{ kind: "paragraph", lines: [[text("-5 °C")]] }]);
  });

  it("is left out of the short form of a list", () => {
    expect(unmarked("## Findings\n\nTwo **5 mm** papules\n- [guide](https://g.example), and a cut **of")).toBe("Findings\nTwo 5 mm papules\n- guide, and a cut **of");
  });

  it("reads a line to its line feed, whatever other ends of lines it holds, and trims marks by hand", () => {
    expect(parse("# a \u2028 b ##  \n- c\u2028d\n#\n-\n1.x")).toEqual([
      { kind: "heading", level: 1, parts: [text("a \u2028 b")] },
      { kind: "list", isNumbered: false, start: 1, items: [{ lines: [[text("c\u2028d")]], lists: [] }] },
      { kind: "paragraph", lines: [[text("#")], [text("-")], [text("1.x")]] },
    ]);
    expect(parse("####### a\n# a#\n# b #c\n1234567890. x")).toEqual([
      { kind: "paragraph", lines: [[text("####### a")]] },
      { kind: "heading", level: 1, parts: [text("a#")] },
      { kind: "heading", level: 1, parts: [text("b #c")] },
      { kind: "paragraph", lines: [[text("1234567890. x")]] },
    ]);
  });

  it("takes eight times as long for eight times the text, whatever runs of spaces and marks it holds", () => {
    const N = 8192;
    const texts: readonly ((size: number) => string)[] = [
      (size) => `# a${" ".repeat(size)}b`,
      (size) => `# a${" ".repeat(size)}\u2028b`,
      (size) => `#${" ".repeat(size)}\u2028`,
      (size) => `# a${" #".repeat(size / 2)}b`,
      (size) => `# a${"#".repeat(size)}`,
      (size) => `- ${" ".repeat(size)}a\u2028x`,
      (size) => `1. ${" ".repeat(size)}a\u2028x`,
      (size) => `${" ".repeat(size)}- `,
    ];
    /** The shortest of several runs, in milliseconds: the first ones are slower. */
    const took = (it: string): number => {
      let least = Number.POSITIVE_INFINITY;
      for (let run = 0; run < 4; run += 1) {
        const start = performance.now();
        parse(it);
        unmarked(it);
        onEnter(it, it.length);
        least = Math.min(least, performance.now() - start);
      }
      return least;
    };
    for (const of of texts) {
      // Quadratic would be 64 times as long. What is shorter than a tick counts as one.
      const [short, long] = [took(of(N)), took(of(8 * N))];
      expect(long, JSON.stringify(of(8))).toBeLessThan(32 * Math.max(short, 1));
    }
  });

  it("takes no time with text that is nothing but marks", () => {
    const start = performance.now();
    for (const mark of ["*", "**a ", "_", "[", "[a](", "![](", "- ", "  - x\n", "**a_b*c[", "*a **"]) parse(`${mark.repeat(Math.floor(65_536 / mark.length))}](x y)`);
    expect(performance.now() - start).toBeLessThan(4000);
  });
});
