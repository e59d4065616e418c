import { describe, expect, it } from "vitest";
import { partOrder, valueOf } from "./dateParts";
import { readDate, readTime } from "./readDate";

const read = (text: string, locale = "en-GB"): string | null => {
  const parts = readDate(text, { order: partOrder(locale), locale });
  return parts && valueOf(parts);
};

describe("F13: a whole date in one text", () => {
  it.each([
    ["2026-11-03", "en-GB"],
    ["2026-11-03", "en-US"],
    ["20261103", "en-GB"],
    ["2026/11/3", "de"],
    ["03/11/2026", "en-GB"],
    ["3.11.2026", "de"],
    ["03. 11. 2026", "de"],
    ["03112026", "de"],
    ["11/03/2026", "en-US"],
    ["2026-11-03", "sv"],
    ["3 Nov 2026", "en-GB"],
    ["Tuesday, 3 November 2026", "en-GB"],
    ["November 3, 2026", "en-US"],
    ["3. November 2026", "de"],
    ["Geb. 3.11.2026", "de"],
    ["Born: 03/11/2026", "en-GB"],
    ["Di., 3. Nov. 2026", "de"],
    [" ０３/１１/２０２６ ", "en-GB"],
  ])("%s is read in %s", (text, locale) => expect(read(text, locale)).toBe("2026-11-03"));

  it("a month may be cut off, but not so that it could be another", () => {
    expect(read("3 Sep 2026")).toBe("2026-09-03");
    expect(read("3 Sept. 2026")).toBe("2026-09-03");
    expect(read("3 Mär 2026", "de")).toBe("2026-03-03");
    expect(read("3 jui 2026", "fr")).toBeNull();
  });

  it.each(["", "tomorrow", "1234", "3 2026", "2026", "0049 151 2345678", "198-4-5", "3 November 2026 and more 7", "12.5"])("%j is none", (text) => expect(read(text)).toBeNull());

  it("the other order is not guessed, nor a century: the person is asked", () => {
    expect(read("11/25/2026")).toMatch(/^\?/);
    expect(readDate("11/25/2026", { order: ["day", "month", "year"], locale: "en-GB" })).toMatchObject({ day: "11", month: "25", year: "2026" });
    expect(readDate("3.11.26", { order: ["day", "month", "year"], locale: "de" })).toMatchObject({ day: "03", month: "11", year: "26" });
  });

  it("has a time with it, in the language's clock", () => {
    const at = (text: string, locale: string, isHalved = false) => {
      const parts = readDate(text, { order: partOrder(locale), locale, isHalved });
      return parts && valueOf(parts, { hasTime: true, isHalved });
    };
    expect(at("2026-11-03T14:05", "en-GB")).toBe("2026-11-03T14:05");
    expect(at("2026-11-03 14:05:33", "en-GB")).toBe("2026-11-03T14:05");
    expect(at("03.11.2026, 14.05 Uhr", "de")).toBe("2026-11-03T14:05");
    expect(at("3 Nov 2026, 2:05 pm", "en-GB")).toBe("2026-11-03T14:05");
    expect(at("11/3/2026, 12:05 AM", "en-US", true)).toBe("2026-11-03T00:05");
    expect(at("11/3/2026 14:05", "en-US", true)).toBe("2026-11-03T14:05");
    expect(at("2026-11-03 2pm", "en-GB")).toBe("2026-11-03T14:00");
    expect(at("2026-11-03 14:05 am", "en-GB")).toBeNull();
    expect(at("2026-11-03T14:05:00Z", "en-GB")).toBeNull();
  });

  it("an instant is read in the practice's time, or not at all", () => {
    const wallOf = (instant: number) => new Date(instant + 3_600_000).toISOString().slice(0, 16);
    const at = (text: string) => {
      const parts = readDate(text, { order: ["day", "month", "year"], locale: "en-GB", wallOf });
      return parts && valueOf(parts, { hasTime: true });
    };
    expect(["2026-11-27T14:30:00Z", "2026-11-27T23:30:00.123Z", "2026-11-27T14:30-05:00"].map(at)).toEqual(["2026-11-27T15:30", "2026-11-28T00:30", "2026-11-27T20:30"]);
    expect(at("2026-13-27T14:30:00Z")).toBeNull();
  });

  it("a time alone is one; a day and a month are none, except where a time is asked for", () => {
    const time = (text: string, hasPoint = false) => {
      const found = readTime(text, false, hasPoint);
      return found && `${found.hour}:${found.minute}`;
    };
    expect(["14:30", "2:30 pm", "230pm", "12 am", "14.30 Uhr"].map((text) => time(text))).toEqual(["14:30", "14:30", "14:30", "00:00", "14:30"]);
    expect([time("22.11"), time("22.11", true), time("2.3.", true), time("1984", true)]).toEqual([null, "22:11", null, null]);
  });
});
