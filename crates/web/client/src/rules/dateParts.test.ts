import { describe, expect, it } from "vitest";
import { type Asked, faultIn, faultOf, isFull, isHalvedClock, NO_PARTS, type Parts, partOrder, partsOf, valueOf } from "./dateParts";

it("F13: the order and the clock are the language's", () => {
  const orders = ["en-GB", "de", "en-US", "sv"].map((locale) => partOrder(locale).join());
  expect(orders).toEqual(["day,month,year", "day,month,year", "month,day,year", "year,month,day"]);
  expect(["en-GB", "de", "en-US"].map(isHalvedClock)).toEqual([false, false, true]);
});

const date = (day: string, month: string, year: string): Parts => ({ ...NO_PARTS, day, month, year });

describe("a date", () => {
  it("is only what the calendar has; nothing typed is no date and no fault", () => {
    expect(valueOf(date("3", "5", "1984"))).toBe("1984-05-03");
    expect(valueOf(date("29", "2", "2024"))).toBe("2024-02-29");
    expect(valueOf(NO_PARTS)).toBe("");
    expect(faultIn(NO_PARTS)).toBeNull();
    expect(partsOf("1984-05-03")).toEqual(date("03", "05", "1984"));
    expect(partsOf("")).toEqual(NO_PARTS);
  });

  it.each([
    ["29", "2", "2025", "days", "day"],
    ["29", "2", "1900", "days", "day"],
    ["31", "4", "2026", "days", "day"],
    ["0", "1", "2026", "day", "day"],
    ["32", "1", "2026", "day", "day"],
    ["1", "0", "2026", "month", "month"],
    ["1", "13", "2026", "month", "month"],
    ["1", "1", "84", "year", "year"],
    ["1", "1", "1849", "early", "year"],
    ["1", "1", "0202", "early", "year"],
    ["1", "", "2026", "missing", "month"],
    ["", "", "2026", "missing", "day,month"],
  ])("%s.%s.%s is none: %s, at the %s", (day, month, year, kind, parts) => {
    const value = valueOf(date(day, month, year));
    const fault = faultOf(value);
    expect([fault?.kind, fault?.parts.join()]).toEqual([kind, parts]);
    expect(value > "0" && value < "9").toBe(false);
    // R0: what was typed comes back from the value when the field was folded away in the meantime.
    expect(partsOf(value)).toEqual(date(day, month, year));
  });
});

describe("a date with a time", () => {
  const whole: Asked = { hasTime: true };
  const halved: Asked = { hasTime: true, isHalved: true };
  const at = (hour: string, minute: string, half = ""): Parts => ({ ...date("22", "11", "2026"), hour, minute, half });

  it("is the same wall clock in both clocks", () => {
    expect(valueOf(at("9", "5"), whole)).toBe("2026-11-22T09:05");
    const pairs = [["12", "am", "00"], ["1", "am", "01"], ["12", "pm", "12"], ["11", "pm", "23"]] as const;
    for (const [hour, half, wall] of pairs) {
      expect(valueOf(at(hour, "30", half), halved)).toBe(`2026-11-22T${wall}:30`);
      expect(partsOf(`2026-11-22T${wall}:30`, true)).toEqual(at(hour, "30", half));
    }
  });

  it("needs all of it, and only what the clock has", () => {
    const kinds = (parts: Parts, asked: Asked) => [faultIn(parts, asked)?.kind, faultIn(parts, asked)?.parts.join()];
    expect(kinds(at("", ""), whole)).toEqual(["missing", "hour,minute"]);
    expect(kinds(at("24", "00"), whole)).toEqual(["hour", "hour"]);
    expect(kinds(at("13", "00", "pm"), halved)).toEqual(["hour", "hour"]);
    expect(kinds(at("0", "00", "am"), halved)).toEqual(["hour", "hour"]);
    expect(kinds(at("9", "00"), halved)).toEqual(["missing", "half"]);
    expect(kinds(at("9", "60"), whole)).toEqual(["minute", "minute"]);
    expect(kinds({ ...NO_PARTS, half: "am" }, halved)).toEqual([undefined, undefined]);
    expect(kinds(at("9", "00"), { hasTime: true, earliest: 2027 })).toEqual(["early", "year"]);
  });
});

it("a part is full when no further digit can belong to it", () => {
  const full = [["day", "3"], ["day", "4"], ["day", "03"], ["month", "1"], ["month", "2"], ["year", "198"], ["year", "1984"], ["hour", "2"], ["hour", "3"], ["minute", "5"], ["minute", "6"]] as const;
  expect(full.map(([part, digits]) => isFull(part, digits))).toEqual([false, true, true, false, true, false, true, false, true, false, true]);
  expect(isFull("hour", "2", true)).toBe(true);
});
