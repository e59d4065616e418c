/** The notes' text area in a page: the caret, composition, dictation and undo while others write. */
import { fireEvent } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Clock } from "../testing/clock";
import { openPage, type Page, Shelf } from "../testing/livePage";
import { LiveServer } from "../testing/liveServer";

let clock: Clock;
let server: LiveServer;
let page: Page;
let area: HTMLTextAreaElement;

const stored = (): string => server.visits.get("v1")?.values.notes ?? "";

/** A person types at the caret, or at the end. */
function type(text: string, how: InputEventInit = {}): void {
  const at = area.selectionStart;
  area.value = area.value.slice(0, at) + text + area.value.slice(area.selectionEnd);
  area.setSelectionRange(at + text.length, at + text.length);
  fireEvent.input(area, { inputType: "insertText", data: text, ...how });
}

const before = (inputType: string): boolean => area.dispatchEvent(new InputEvent("beforeinput", { inputType, cancelable: true, bubbles: true }));
const press = (key: string, more: KeyboardEventInit = {}): boolean => fireEvent.keyDown(area, { key, ctrlKey: true, ...more });

async function open(notes: string): Promise<void> {
  server.add("v1", "p1", notes);
  page = await openPage(clock, server, new Shelf(), "c1");
  await clock.pass(100);
  area = document.createElement("textarea");
  document.body.append(area);
  page.visit.bind(area);
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}

beforeEach(() => {
  clock = new Clock();
  server = new LiveServer(clock);
});
afterEach(() => {
  page.visit.bind(null);
  page.crash();
  area.remove();
});

describe("S1: typing while others write", () => {
  it("case 7: the answer to the first letter comes when more was typed: the text and the caret stay", async () => {
    await open("");
    server.latency = 1000;
    type("A");
    await clock.pass(310);
    type("B\n");
    await clock.pass(2000);
    expect([area.value, area.selectionStart]).toEqual(["AB\n", 3]);
    await clock.pass(9000);
    expect([area.value, area.selectionStart, stored()]).toEqual(["AB\n", 3, "AB\n"]);
  });

  it("what comes in above the caret moves it with its text, and a selection stays a selection", async () => {
    await open("first\nsecond\nthird");
    area.setSelectionRange(6, 12);
    server.edit("v1", "notes", "FIRST LINE\nsecond\nthird");
    await clock.pass(100);
    expect([area.value, area.value.slice(area.selectionStart, area.selectionEnd)]).toEqual(["FIRST LINE\nsecond\nthird", "second"]);
  });

  it("case 8: during composition nothing is written; after it the phrase is there once, and so is what others wrote", async () => {
    await open("first\nlast ");
    fireEvent.compositionStart(area);
    type("に", { inputType: "insertCompositionText" });
    server.edit("v1", "notes", "FIRST\nlast ");
    await clock.pass(5000);
    expect([area.value, stored()]).toEqual(["first\nlast に", "FIRST\nlast "]);
    area.value = "first\nlast ";
    area.setSelectionRange(11, 11);
    type("日本", { inputType: "insertCompositionText" });
    fireEvent.compositionEnd(area);
    await clock.pass(3000);
    expect([area.value, stored(), page.status()]).toEqual(["FIRST\nlast 日本", "FIRST\nlast 日本", "saved"]);
  });

  it("case 8: dictation replaces what it wrote: nothing is written until it pauses", async () => {
    await open("first\nlast ");
    for (const phrase of ["the", "the lesion"]) {
      before("insertReplacementText");
      area.value = `first\nlast ${phrase}`;
      area.setSelectionRange(area.value.length, area.value.length);
      fireEvent.input(area, { inputType: "insertReplacementText" });
      server.edit("v1", "notes", `FIRST ${phrase}\nlast `);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await clock.pass(900);
      expect(area.value).toBe(`first\nlast ${phrase}`);
    }
    await clock.pass(5000);
    expect([area.value, stored()]).toEqual(["FIRST the lesion\nlast the lesion", "FIRST the lesion\nlast the lesion"]);
  });

  it("case 9: undoing takes back what this person typed and leaves what others wrote; redoing brings it again", async () => {
    await open("first\n");
    type("X");
    await clock.pass(3000);
    server.edit("v1", "notes", "Y first\nX");
    await clock.pass(100);
    expect(area.value).toBe("Y first\nX");
    expect(press("z")).toBe(false);
    expect(area.value).toBe("Y first\n");
    await clock.pass(3000);
    expect(stored()).toBe("Y first\n");
    press("z", { shiftKey: true });
    expect(area.value).toBe("Y first\nX");
    await clock.pass(3000);
    expect([stored(), page.status()]).toEqual(["Y first\nX", "saved"]);
    // Nothing is left to redo, and the browser's own undo is not asked either.
    press("y");
    expect(before("historyUndo")).toBe(false);
    expect(area.value).toBe("Y first\n");
  });

  it("case 9: redoing over what a peer wrote since asks", async () => {
    await open("dose: 5 mg");
    area.setSelectionRange(6, 7);
    type("10");
    await clock.pass(3000);
    press("z");
    await clock.pass(3000);
    expect(stored()).toBe("dose: 5 mg");
    server.edit("v1", "notes", "dose: 20 mg");
    await clock.pass(100);
    press("y");
    expect([area.value, page.visit.snapshot().clash]).toEqual(["dose: 20 mg", { field: "notes", mine: "dose: 10 mg", theirs: "dose: 20 mg", base: "dose: 5 mg", by: null, at: null }]);
    page.visit.choose("mine");
    await clock.pass(3000);
    expect([area.value, stored(), page.visit.snapshot().clash]).toEqual(["dose: 10 mg", "dose: 10 mg", null]);
  });

  it("case 9: typing is taken back a phrase at a time, and what is typed after it cannot be redone over", async () => {
    await open("");
    for (const letter of "abc") type(letter);
    await clock.pass(2000);
    for (const letter of "def") type(letter);
    press("z");
    expect(area.value).toBe("abc");
    type("x");
    press("y");
    expect(area.value).toBe("abcx");
    press("z");
    press("z");
    expect(area.value).toBe("");
  });

  it("characters that nobody sees are left out of what is pasted: the caret and undo are right, it is told once, and the rest is saved", async () => {
    await open("first\nlast");
    let told = 0;
    page.visit.bind(area, () => {
      told += 1;
    });
    area.setSelectionRange(5, 5);
    type(" pa\u0000s\ufeffted\u2028line\u202b");
    expect([area.value, area.selectionStart, told]).toEqual(["first pasted\nline\nlast", 17, 1]);
    type("!");
    await clock.pass(3000);
    expect([stored(), page.status(), told]).toEqual(["first pasted\nline!\nlast", "saved", 1]);
    press("z");
    press("z");
    expect(area.value).toBe("first\nlast");
  });

  it("a choice comes into the field", async () => {
    await open("5 mg");
    area.setSelectionRange(0, 1);
    type("10");
    server.edit("v1", "notes", "20 mg");
    await clock.pass(3000);
    expect([area.value, page.status()]).toEqual(["10 mg", "choice"]);
    page.visit.choose("theirs");
    expect(area.value).toBe("20 mg");
    await clock.pass(3000);
    expect(page.status()).toBe("saved");
  });

  it("is sent at once when the field is left, and says where the cursor is", async () => {
    await open("");
    fireEvent.focus(area);
    type("a");
    fireEvent.blur(area);
    await clock.pass(30);
    expect(stored()).toBe("a");
    expect(server.heard.flatMap((it) => (it.kind === "presence" ? [it.field] : []))).toEqual(["notes", null]);
  });
});
