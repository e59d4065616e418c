import { describe, expect, it } from "vitest";
import type { ConsentForm } from "../../../api/types";
import { checkDraft, consentInput, placeConsentErrors, startDraft } from "./consentForm";
import { documentOf } from "./paragraphs";
import { inkOf, strokesOf } from "./strokes";

const form = {
  template: "photography",
  version: 3,
  language: "en",
  title: "",
  text: "",
  purposes: [
    { code: "clinical_record", label: "", description: "", required: true },
    { code: "teaching", label: "", description: "", required: false },
    { code: "research", label: "", description: "", required: false },
  ],
} as ConsentForm;
const line = [Array.from({ length: 20 }, (_, index) => ({ x: index * 5, y: 10, t: index }))];
const signature = { strokes: line, width: 600, height: 190 };

describe("N3: a consent", () => {
  it("starts with what is needed preselected", () => {
    expect(startDraft(form, "Mara").purposes).toEqual(["clinical_record"]);
  });

  it("can't be recorded with a blank signature, or with a dot", () => {
    const draft = startDraft(form, "Mara");
    expect(checkDraft(draft, form, "2026-11-22")).toHaveProperty("signature");
    expect(inkOf([])).toBe("none");
    expect(inkOf([[{ x: 1, y: 1, t: 0 }]])).toBe("short");
    expect(inkOf(line)).toBe("enough");
    expect(checkDraft({ ...draft, signature }, form, "2026-11-22")).toEqual({});
  });

  it("needs a description when it was given elsewhere, a signer, and a day in the future", () => {
    const draft = { ...startDraft(form, " "), method: "external" as const, notes: "  ", expiresOn: "2026-11-22" };
    expect(Object.keys(checkDraft(draft, form, "2026-11-22")).toSorted()).toEqual(["expiresOn", "notes", "signerName"]);
  });

  it("can't leave out a required purpose", () => {
    const draft = { ...startDraft(form, "Mara"), signature, purposes: ["teaching"] };
    expect(checkDraft(draft, form, "2026-11-22")).toHaveProperty("purposes");
  });

  it("is sent with purposes in the form's order and only what was filled in", () => {
    const draft = { ...startDraft(form, " Mara "), signature, purposes: ["research", "clinical_record"] };
    expect(consentInput(draft, form)).toEqual({
      template: "photography",
      version: 3,
      language: "en",
      purposes: ["clinical_record", "research"],
      method: { kind: "digital", strokes: line, width: 600, height: 190 },
      signerName: "Mara",
      signerRole: "patient",
    });
    const external = { ...draft, method: "external" as const, how: "verbal" as const, notes: " by phone ", witness: " W " };
    expect(consentInput(external, form)).toMatchObject({ method: { kind: "external", how: "verbal", notes: "by phone" }, witness: "W" });
  });

  it("shows the server's errors where they belong", () => {
    expect(placeConsentErrors({ "method.strokes": "a", "method.notes": "b", "purposes[0]": "c", signerName: "d" })).toEqual({ signature: "a", notes: "b", purposes: "c", signerName: "d" });
  });
});

describe("F2: the text of a form is a document", () => {
  it("has a heading where a single line is followed by text, and keeps a sentence that stands alone", () => {
    expect(documentOf("Why\nTo see changes.\n\nYour choice\n\nIt is voluntary.\n\nYou may ask.\n\nBy agreeing you confirm that you have read this.\n\nWhat I agree to")).toEqual({
      sections: [
        { heading: "Why", paragraphs: ["To see changes."] },
        { heading: "Your choice", paragraphs: ["It is voluntary.", "You may ask.", "By agreeing you confirm that you have read this."] },
      ],
      agreement: "What I agree to",
    });
  });

  it("takes no sentence and no long line for a heading, and loses no word", () => {
    const text = "I agree.\nAnd I was asked.\n\nPhotos are taken: never of more than is needed\n\n" + "word ".repeat(40).trim() + "\n\nEnd.";
    const { sections, agreement } = documentOf(text);
    expect(agreement).toBeNull();
    const words = sections.flatMap(({ heading, paragraphs }) => [heading ?? "", ...paragraphs]).join(" ").split(/\s+/).filter(Boolean);
    expect(words).toEqual(text.split(/\s+/));
    expect(sections[0]).toEqual({ heading: null, paragraphs: ["I agree.\nAnd I was asked."] });
  });

  it("reads a form with Windows line ends, and an empty one", () => {
    expect(documentOf("Why\r\nBecause.\r\n\r\nWhat I agree to").sections).toEqual([{ heading: "Why", paragraphs: ["Because."] }]);
    expect(documentOf("")).toEqual({ sections: [], agreement: null });
  });
});

it("turns the pad's points into strokes with times from the first", () => {
  expect(strokesOf([{ points: [{ x: 1.234, y: 2, time: 1000 }, { x: 3, y: 4, time: 1016.6 }] }, { points: [] }])).toEqual([
    [
      { x: 1.2, y: 2, t: 0 },
      { x: 3, y: 4, t: 17 },
    ],
  ]);
});
