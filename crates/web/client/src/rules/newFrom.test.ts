import { describe, expect, it } from "vitest";
import { partOrder } from "./dateParts";
import { newFrom } from "./newFrom";

const german = (text: string) => newFrom(text, { order: partOrder("de-DE"), locale: "de-DE" });
const english = (text: string) => newFrom(text, { order: partOrder("en-GB"), locale: "en-GB" });

describe("what was searched for begins a new patient (P4)", () => {
  it.each([
    ["3.4.1991", { birthDate: "1991-04-03" }],
    ["Lopez 3.4.1990", { lastName: "Lopez", birthDate: "1990-04-03" }],
    ["14. Juni 1978 Anna Lopez", { firstName: "Anna", lastName: "Lopez", birthDate: "1978-06-14" }],
    ["1978-06-14", { birthDate: "1978-06-14" }],
  ])("%s has a date of birth", (text, found) => {
    expect(german(text)).toMatchObject({ uniqueId: "", firstName: "", lastName: "", ...found });
  });

  it.each([
    ["anna maria von der Tann", "anna maria", "von der Tann"],
    ["Luca De Luca", "Luca", "De Luca"],
    ["van Dyck", "", "van Dyck"],
    ["Tann, Anna Maria", "Anna Maria", "Tann"],
    ["Smith", "", "Smith"],
    ["smith", "", "smith"],
    ["Anna Lopez", "Anna", "Lopez"],
  ])("%s is a name", (text, firstName, lastName) => {
    expect(english(text)).toEqual({ uniqueId: "", firstName, lastName, birthDate: "" });
  });

  it("keeps what has a digit and no date for the ID", () => {
    expect(english("AP-12").uniqueId).toBe("ap-12");
    expect(english("19780614").uniqueId).toBe("19780614");
    expect(english("31 Feb 1990")).toEqual({ uniqueId: "", firstName: "31 Feb", lastName: "1990", birthDate: "" });
  });
});
