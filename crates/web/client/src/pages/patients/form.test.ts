import { describe, expect, it } from "vitest";
import type { Patient } from "../../api/types";
import { checkForm, emptyForm, formOf, inputOf, isEmptyPatch, patchOf, placeErrors } from "./form";

const TODAY = "2026-11-22";
const patient = {
  id: "1",
  uniqueId: "lp-1",
  firstName: "Mara",
  lastName: "Lindqvist",
  phones: ["123", "456"],
  healthCardNumber: "•••• 4789",
  country: "DE",
  guardian: { name: "Per", relation: null, phone: null, mayConsent: false },
  practiceFields: {},
  version: 3,
} as unknown as Patient;

describe("P1, P2: a new patient", () => {
  it("sends the unique ID only when nothing else was filled in", () => {
    expect(inputOf({ ...emptyForm, uniqueId: " LP-1 " }, [])).toEqual({ uniqueId: "lp-1" });
  });

  it("sends texts trimmed, phones one by one, and a guardian as one thing", () => {
    const input = inputOf({ ...emptyForm, uniqueId: "ab", firstName: " Mara ", phones: "1\n\n 2 ,3", country: "de", guardianName: "Per", guardianMayConsent: true }, []);
    expect(input).toEqual({
      uniqueId: "ab",
      firstName: "Mara",
      phones: ["1", "2", "3"],
      country: "DE",
      guardian: { name: "Per", relation: null, phone: null, mayConsent: true },
    });
  });

  it("tells early what can't be right", () => {
    const errors = checkForm({ ...emptyForm, uniqueId: "a", birthDate: "2026-11-23", email: "x", country: "DEU", note: "x".repeat(4001), guardianPhone: "1" }, TODAY, []);
    expect(Object.keys(errors).toSorted()).toEqual(["birthDate", "country", "email", "guardianName", "note", "uniqueId"]);
    expect(checkForm({ ...emptyForm, uniqueId: "ab", birthDate: TODAY, note: "😀".repeat(4000) }, TODAY, [])).toEqual({});
  });

  it("finds the field of each of the server's errors", () => {
    expect(placeErrors({ "guardian.name": "a", "phones[1]": "b", "phones.0": "c", mrn: "d", unheardOf: "e" }, [])).toEqual({ guardianName: "a", phones: "b", mrn: "d" });
  });
});

describe("P6: editing", () => {
  const start = formOf(patient);

  it("sends only what differs, null for what was cleared", () => {
    expect(patchOf({ ...start, firstName: "Maria", lastName: " " }, start, 3, [])).toEqual({ version: 3, firstName: "Maria", lastName: null });
    expect(isEmptyPatch(patchOf(start, start, 3, []))).toBe(true);
    expect(patchOf({ ...start, guardianName: "" }, start, 3, [])).toEqual({ version: 3, guardian: null });
  });

  it("never sends the masked health-card number back", () => {
    expect(start.healthCardNumber).toBe("");
    expect(patchOf({ ...start, healthCardNumber: " A1 " }, start, 3, [])).toEqual({ version: 3, healthCardNumber: "A1" });
  });
});
