import { expect, it } from "vitest";
import { dateOf, partOrder, partsOf } from "./dateParts";

it("F13: the order is the language's", () => {
  const orders = ["en-GB", "de", "en-US", "sv"].map((locale) => partOrder(locale).join());
  expect(orders).toEqual(["day,month,year", "day,month,year", "month,day,year", "year,month,day"]);
});

it("a date is only what the calendar has; nothing typed is no date", () => {
  const read = (day: string, month: string, year: string) => dateOf({ day, month, year });
  expect(read("3", "5", "1984")).toBe("1984-05-03");
  expect(read("29", "2", "2024")).toBe("2024-02-29");
  expect(read("", "", "")).toBe("");
  for (const [day, month, year] of [["29", "2", "2025"], ["31", "4", "2026"], ["0", "1", "2026"], ["1", "13", "2026"], ["1", "1", "84"], ["1", "", "2026"], ["", "", "2026"], ["1", "1", "0000"]] as const) {
    expect(read(day, month, year), `${day}.${month}.${year}`).toBeNull();
  }
  expect(partsOf("1984-05-03")).toEqual({ year: "1984", month: "05", day: "03" });
  expect(partsOf("")).toEqual({ year: "", month: "", day: "" });
});
