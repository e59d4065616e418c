import { describe, expect, it } from "vitest";
import { isUnreadable, NO_PARTS, partOrder, partsOf } from "./dateParts";
import { newFrom } from "./newFrom";

const german = (text: string) => newFrom(text, { order: partOrder("de-DE"), locale: "de-DE", today: "2026-11-28" });
const english = (text: string) => newFrom(text, { order: partOrder("en-GB"), locale: "en-GB", today: "2026-11-28" });

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

  it.each([
    ["29.2.80", "", "", "1980-02-29"],
    ["3 June 78", "", "", "1978-06-03"],
    ["Maier 3.6.78", "", "Maier", "1978-06-03"],
    ["Anna Maier 03/06/27", "Anna", "Maier", "1927-06-03"],
    ["Fri 29 Feb 1980", "", "", "1980-02-29"],
    ["Maier Friday, 29 Feb 80", "", "Maier", "1980-02-29"],
    ["Anna Maier *3.6.1978", "Anna", "Maier", "1978-06-03"],
    ["Anna Maier * 3.6.1978", "Anna", "Maier", "1978-06-03"],
    ["geb. 3.6.1978", "", "", "1978-06-03"],
    ["Anna Maier, born 3 June 1978", "Anna", "Maier", "1978-06-03"],
    // A name, since that day was a Friday.
    ["Sun 29.2.1980", "", "Sun", "1980-02-29"],
  ])("%s has a day of birth in it, and no part of that is a name", (text, firstName, lastName, birthDate) => {
    expect(english(text)).toEqual({ uniqueId: "", firstName, lastName, birthDate });
  });

  it.each([
    ["Dr. Test", "", "Test"],
    ["Dr Test", "", "Test"],
    ["Prof. Dr. med. Anna Maier", "Anna", "Maier"],
    ["Herr van Dyck", "", "van Dyck"],
    ["Frau Maier 3.6.78", "", "Maier"],
    ["Maier, Dr. Anna", "Anna", "Maier"],
    ["MRS SMITH", "", "SMITH"],
    ["Hr. Karl Huber", "Karl", "Huber"],
    ["Mag. Eva Huber", "Eva", "Huber"],
    ["Dipl.-Ing. Karl Huber", "Karl", "Huber"],
    // Names, since nothing follows them.
    ["Anna Herr", "Anna", "Herr"],
    ["Frau", "", "Frau"],
    ["Med Maier", "Med", "Maier"],
  ])("%s has no title in its names", (text, firstName, lastName) => {
    expect(english(text)).toMatchObject({ uniqueId: "", firstName, lastName });
  });

  it.each([
    ["Feb 1979", "", "", "1979", "02"],
    ["February, 1979", "", "", "1979", "02"],
    ["Maier Feb. 79", "", "Maier", "79", "02"],
    ["Anna Maier 2/1979", "Anna", "Maier", "1979", "02"],
    ["12.1979 Dr. Maier", "", "Maier", "1979", "12"],
  ])("%s has a month and a year in it, which leave the day to be asked for", (text, firstName, lastName, year, month) => {
    const { birthDate, ...found } = english(text);
    expect(found).toEqual({ uniqueId: "", firstName, lastName });
    expect(partsOf(birthDate)).toEqual({ ...NO_PARTS, year, month });
    expect(isUnreadable(birthDate)).toBe(true);
  });

  it("leaves the day open where the century is, and names nobody after it", () => {
    expect(english("Maier 3.6.24")).toEqual({ uniqueId: "", firstName: "", lastName: "Maier", birthDate: "" });
  });

  it("keeps what has a digit and no date for the ID", () => {
    expect(english("AP-12").uniqueId).toBe("ap-12");
    expect(english("19780614").uniqueId).toBe("19780614");
    expect(english("Anna Maier P-2024-17")).toEqual({ uniqueId: "p-2024-17", firstName: "Anna", lastName: "Maier", birthDate: "" });
    expect(english("AP-12 Maier 3.6.1978")).toEqual({ uniqueId: "ap-12", firstName: "", lastName: "Maier", birthDate: "1978-06-03" });
    expect(english("Anna Maier 1979")).toMatchObject({ uniqueId: "", lastName: "1979" });
    expect(english("31 Feb 1990")).toEqual({ uniqueId: "", firstName: "31 Feb", lastName: "1990", birthDate: "" });
  });
});
