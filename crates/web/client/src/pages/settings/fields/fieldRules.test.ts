import { describe, expect, it } from "vitest";
import type { CustomField } from "../../../api/types";
import { checkDraft, draftOf, fieldInput, fieldPatch, placeDraftErrors } from "./fieldRules";

const field = (id: string, more: Partial<CustomField> = {}): CustomField => ({ id, label: id, kind: "text", choices: null, retired: false, ...more });
const side = field("Side", { kind: "choice", choices: ["Left", "Right"] });

describe("P2: defining a field", () => {
  it("sends choices only for a field of choices, without blank lines", () => {
    expect(fieldInput({ label: " Side ", kind: "choice", choices: "Left\n\n Right \n" })).toEqual({ label: "Side", kind: "choice", choices: ["Left", "Right"] });
    expect(fieldInput({ label: "Size", kind: "number", choices: "Left" })).toEqual({ label: "Size", kind: "number" });
  });

  it("sends only what differs, and never the kind", () => {
    expect(fieldPatch(draftOf(side), side)).toEqual({});
    expect(fieldPatch({ ...draftOf(side), label: "Body side", kind: "text" }, side)).toEqual({ label: "Body side" });
    expect(fieldPatch({ ...draftOf(side), choices: "Right\nLeft" }, side)).toEqual({ choices: ["Right", "Left"] });
  });

  it("tells early what can't be right", () => {
    const label = (text: string) => checkDraft({ label: text, kind: "text", choices: "" }, [side, field("Old", { retired: true })]).label;
    expect(["Size", "Old", "x".repeat(60)].map(label)).toEqual([undefined, undefined, undefined]);
    for (const wrong of [" ", "side ", "x".repeat(61)]) expect(label(wrong), wrong).toBeDefined();
    const choices = (text: string) => checkDraft({ label: "x", kind: "choice", choices: text }, []).choices;
    expect(choices("Left\nRight")).toBeUndefined();
    expect(choices("Left\nleft")).toContain("left");
    for (const wrong of ["", "Left", `Left\n${"x".repeat(61)}`, Array.from({ length: 51 }, (_, n) => n).join("\n")]) expect(choices(wrong), wrong).toBeDefined();
  });

  it("finds the place of the server's refusals", () => {
    expect(placeDraftErrors({ label: "a", "choices[2]": "b", other: "c" })).toEqual({ label: "a", choices: "b" });
  });
});
