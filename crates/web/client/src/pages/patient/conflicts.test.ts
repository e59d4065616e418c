import { describe, expect, it } from "vitest";
import { problemFrom } from "../../api/problem";
import type { Patient, CustomField } from "../../api/types";
import { formOf, patchOf } from "../patients/form";
import { bothOf, type Choices, mergeForm, unsavedOf } from "./conflicts";
import { fieldLabel, shownSent } from "./shownValue";

const current = {
  uniqueId: "lp-1",
  firstName: "Other",
  lastName: "Person",
  phones: ["1"],
  healthCardNumber: "•••• 4789",
  guardian: { name: "Per", relation: null, phone: "2", mayConsent: true },
  practiceFields: { n: "2", y: "yes", d: "2026-11-22" },
  version: 4,
} as unknown as Patient;
const FIELDS = [
  { id: "n", kind: "number", label: "Size", choices: null, retired: false },
  { id: "y", kind: "yes_no", label: "Recall", choices: null, retired: false },
  { id: "d", kind: "date", label: "Seen", choices: null, retired: true },
] as CustomField[];

const sent = { version: 3, firstName: "Maria", note: "mine", guardian: null, healthCardNumber: "A1", practiceFields: { n: "3", y: null } };
const choosing = (names: readonly string[]): Choices => Object.fromEntries(names.map((name) => [name, "theirs"]));
const again = (theirs: string[]) => patchOf(mergeForm(current, sent, choosing(theirs)), formOf(current), current.version, FIELDS);

describe("P6: after a conflict", () => {
  it("reads which fields moved, and survives rubbish", () => {
    const body = { code: "stale_version", current, conflicts: [{ field: "practiceFields.n", yours: "3", current: "2" }, { field: "note", yours: "x" }, 7, {}] };
    expect(problemFrom(409, body).conflicts).toMatchObject([
      { field: "practiceFields.n", yours: "3", current: "2" },
      { field: "note", yours: "x", current: null },
    ]);
    expect(problemFrom(409, { code: "stale_version" }).conflicts).toEqual([]);
  });

  it("saves all that was sent on top of the record as it is now", () => {
    expect(again([])).toEqual({ ...sent, version: 4 });
  });

  it("continues with what was not saved yet", () => {
    expect(unsavedOf(sent, ["note", "practiceFields.y", "healthCardNumber"])).toEqual({ version: 3, firstName: "Maria", guardian: null, practiceFields: { n: "3" } });
    expect(unsavedOf(sent, ["practiceFields.n", "practiceFields.y"])).toEqual({ version: 3, firstName: "Maria", note: "mine", guardian: null, healthCardNumber: "A1" });
    expect(problemFrom(409, { code: "stale_version", saved: ["note", 7] }).saved).toEqual(["note"]);
  });

  it("leaves alone the fields where the record's value was chosen", () => {
    expect(again(["firstName", "practiceFields.n", "guardian", "healthCardNumber"])).toEqual({ version: 4, note: "mine", practiceFields: { y: null } });
    expect(again(["firstName", "note", "guardian", "healthCardNumber", "practiceFields.n", "practiceFields.y"])).toEqual({ version: 4 });
  });

  it("names each field and shows its values as the record does", () => {
    expect(["firstName", "guardian", "practiceFields.n", "practiceFields.gone"].map((name) => fieldLabel(name, FIELDS))).toEqual(["First name", "Guardian", "Size", "A patient field"]);
    expect(shownSent("birthDate", "1984-06-30", FIELDS)).toBe("30 Jun 1984");
    expect(shownSent("phones", ["1", "2"], FIELDS)).toBe("1\n2");
    expect(shownSent("guardian", current.guardian, FIELDS)).toBe("Name: Per\nPhone: 2\nMay give consent: Yes");
    expect(shownSent("practiceFields.y", "no", FIELDS)).toBe("No");
    expect(shownSent("practiceFields.d", "2026-11-22", FIELDS)).toBe("22 Nov 2026");
    for (const name of ["note", "guardian", "practiceFields.n"]) expect(shownSent(name, null, FIELDS), name).toBeNull();
  });
});

describe("F8: keeping both", () => {
  const texts = [{ id: "t", kind: "text", label: "History", choices: null, retired: false }] as CustomField[];
  const clash = (field: string, yours: unknown, theirs: unknown) => ({ field, yours, current: theirs, changedBy: null, changedAt: null });

  it("is offered where two texts make one, and nowhere else", () => {
    expect(bothOf(clash("allergies", "Latex", "Penicillin"), [])).toBe("Penicillin\nLatex");
    expect(bothOf(clash("practiceFields.t", "b", "a"), texts)).toBe("a\nb");
    expect(bothOf(clash("practiceFields.n", "3", "2"), FIELDS)).toBeNull();
    expect(bothOf(clash("birthDate", "2000-01-01", "2000-01-02"), [])).toBeNull();
    expect(bothOf(clash("allergies", null, "Penicillin"), [])).toBeNull();
  });

  it("puts the person's text behind the record's", () => {
    const conflicts = [clash("allergies", "Latex", "Penicillin")];
    const merged = mergeForm({ ...current, allergies: "Penicillin" }, { version: 3, allergies: "Latex" }, { allergies: "both" }, conflicts, []);
    expect(merged.allergies).toBe("Penicillin\nLatex");
  });
});
