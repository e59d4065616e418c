import { describe, expect, it } from "vitest";
import { problemFrom } from "../../api/problem";
import type { Patient, CustomField, CustomFieldKind } from "../../api/types";
import { checkForm, emptyForm, formOf, inputOf, isEmptyPatch, patchOf, placeErrors, summaryOf } from "./form";
import { checkCustom, choicesOf, normalNumber, customInput, customPatch } from "./customFields";

const field = (id: string, kind: CustomFieldKind, more: Partial<CustomField> = {}): CustomField => ({ id, kind, label: id, choices: null, retired: false, ...more });
const FIELDS = [field("t", "text"), field("n", "number"), field("d", "date"), field("y", "yes_no"), field("c", "choice", { choices: ["Left", "Right"] }), field("old", "text", { retired: true })];
const filled = { ...emptyForm, uniqueId: "ab" };

describe("P2: numbers as people write them", () => {
  it.each([
    ["12", "12"],
    ["7,50", "7.5"],
    [" -0.5 ", "-0.5"],
    ["007", "7"],
    ["-0,0", "0"],
    ["123456789012.123456", "123456789012.123456"],
  ])("%s is %s", (typed, number) => expect(normalNumber(typed)).toBe(number));

  it.each(["", "-", ",5", "5,", "1.234,5", "1 2", "+1", "--1", "1e5", "٣", "1234567890123", "0.1234567", "NaN"])("%j is none", (typed) => expect(normalNumber(typed)).toBeNull());
});

describe("P2: a form with the practice's custom fields", () => {
  it("sends what was filled in, and nothing for a field that is retired or unknown", () => {
    const practiceFields = { t: " Dr. Ü ", n: "7,50", d: "", y: "no", c: "Left", old: "x", gone: "x" };
    expect(inputOf({ ...filled, practiceFields }, FIELDS).practiceFields).toEqual({ t: "Dr. Ü", n: "7.5", y: "no", c: "Left" });
    expect(inputOf({ ...filled, practiceFields: { t: " " } }, FIELDS)).toEqual({ uniqueId: "ab" });
    expect(customInput([], practiceFields)).toEqual({});
  });

  it("P6: sends only those that differ, null for one that was emptied, and no other spelling of the same number", () => {
    const start = { t: "a", n: "7.5", y: "yes" };
    expect(customPatch(FIELDS, { t: " ", n: "7,50", y: "no", d: "2026-11-22" }, start)).toEqual({ t: null, y: "no", d: "2026-11-22" });
    const record = formOf({ uniqueId: "ab", practiceFields: start } as unknown as Patient);
    expect(isEmptyPatch(patchOf({ ...record, practiceFields: { ...start, n: "07,5" } }, record, 1, FIELDS))).toBe(true);
    expect(patchOf({ ...record, practiceFields: { ...start, t: "" } }, record, 1, FIELDS)).toEqual({ version: 1, practiceFields: { t: null } });
  });

  it("tells early what can't be right, by the field's name", () => {
    expect(Object.keys(checkCustom(FIELDS, { n: "1,2,3", t: "x".repeat(1001) })).toSorted()).toEqual(["practiceFields.n", "practiceFields.t"]);
    expect(checkCustom(FIELDS, { n: "", t: "😀".repeat(1000) })).toEqual({});
    // A retired field isn't in the form, so it can't be put right there.
    expect(checkForm({ ...filled, practiceFields: { old: "x".repeat(2000) } }, "2026-11-22", FIELDS)).toEqual({});
  });

  it("puts the server's refusals on their fields, and what has no place in the form above its buttons", () => {
    const problem = (field: string) => problemFrom(422, { code: "invalid", detail: "Look.", errors: [{ field, code: "x", message: "No." }] });
    const summary = (name: string) => {
      const errors = placeErrors({ [name]: "No." }, FIELDS);
      return [errors, summaryOf(problem(name), errors)];
    };
    expect(summary("practiceFields.n")).toEqual([{ "practiceFields.n": "No." }, "Some fields need attention."]);
    for (const name of ["practiceFields", "practiceFields.old", "practiceFields.gone"]) expect(summary(name)).toEqual([{ practiceFields: "No." }, "No."]);
    expect(summary("unheardOf")).toEqual([{}, "Look."]);
  });

  it("offers what is held although it is no longer among the choices", () => {
    const choice = FIELDS[4] ?? field("c", "choice");
    expect(choicesOf(choice, "", "Left").map((it) => it.value)).toEqual(["Left", "Right"]);
    expect(choicesOf(choice, "Both", "Both")).toContainEqual({ value: "Both", label: "Both (removed)" });
    expect(choicesOf(choice, "Both", "Left").map((it) => it.value)).toEqual(["Left", "Right", "Both"]);
  });
});
