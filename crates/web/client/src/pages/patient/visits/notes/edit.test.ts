import { describe, expect, it } from "vitest";
import { type Edit, editFor, onEnter, onSpace, type Tool } from "./edit";

/** A text with its selection between bars, or one bar for the cursor. */
function given(marked: string): { text: string; from: number; to: number } {
  const from = marked.indexOf("|");
  const text = marked.replaceAll("|", "");
  const last = marked.lastIndexOf("|");
  return { text, from, to: last === from ? from : last - 1 };
}

function shown(text: string, edit: Edit): string {
  const now = text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
  const bar = edit.selectFrom === edit.selectTo ? "|" : `|${now.slice(edit.selectFrom, edit.selectTo)}|`;
  return now.slice(0, edit.selectFrom) + bar + now.slice(edit.selectTo);
}

const after = (tool: Tool, marked: string): string => {
  const { text, from, to } = given(marked);
  return shown(text, editFor(tool, text, from, to));
};

describe("the buttons above the notes", () => {
  it("put marks around what is selected, and take them away again", () => {
    expect(after("bold", "a |b| c")).toBe("a **|b|** c");
    expect(after("bold", "a **|b|** c")).toBe("a |b| c");
    expect(after("italic", "a **|b|** c")).toBe("a ***|b|*** c");
    expect(after("italic", "a *|b|* c")).toBe("a |b| c");
    expect(after("bold", "|")).toBe("**|**");
  });

  it("mark lines, and turn one kind of list into the other", () => {
    expect(after("list", "a|")).toBe("- a|");
    expect(after("list", "|a\nb|\nc")).toBe("|- a\n- b|\nc");
    expect(after("numbered", "|- a\n- b|")).toBe("|1. a\n2. b|");
    expect(after("list", "|- a\n- b|")).toBe("|a\nb|");
    expect(after("heading", "x\na|b\ny")).toBe("x\n## ab|\ny");
    expect(after("heading", "## ab|")).toBe("ab|");
  });

  it("leave the cursor where something of a link is missing", () => {
    expect(after("link", "see |Guide|")).toBe("see [Guide](https://|)");
    expect(after("link", "|")).toBe("[|](https://)");
  });
});

describe("Enter in a list", () => {
  const entered = (marked: string): string | null => {
    const { text, from } = given(marked);
    const edit = onEnter(text, from);
    return edit && shown(text, edit);
  };

  it("begins the next item, and ends the list on an empty one", () => {
    expect(entered("- a|")).toBe("- a\n- |");
    expect(entered("  2) b|")).toBe("  2) b\n  3) |");
    expect(entered("- a\n- |")).toBe("- a\n|");
    expect(entered("plain|")).toBeNull();
    expect(entered("-5 °C|")).toBeNull();
  });

  it("takes a mark that is typed once more for the one that is there", () => {
    const spaced = (marked: string): string | null => {
      const { text, from } = given(marked);
      const edit = onSpace(text, from);
      return edit && shown(text, edit);
    };
    expect(spaced("- a\n- -|")).toBe("- a\n- |");
    expect(spaced("1. a\n2. 2.|")).toBe("1. a\n2. |");
    expect(spaced("- *|")).toBeNull();
    expect(spaced("- 2.|")).toBeNull();
    expect(spaced("- a -|")).toBeNull();
  });
});
