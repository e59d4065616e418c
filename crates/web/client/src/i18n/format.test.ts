import { describe, expect, it } from "vitest";
import { age, ago, bytes, calendarDate, dateTime, dayKey, instantFromWall, knownZone, wallFromInstant } from "./format";
import { counter } from "./plural";

describe("times in the practice's zone", () => {
  it("shows the zone's wall clock", () => {
    expect(dateTime("2026-11-22T13:05:00Z", "Europe/Berlin")).toBe("22 Nov 2026, 14:05");
    expect(dateTime("2026-11-22T23:30:00Z", "Asia/Tokyo")).toBe("23 Nov 2026, 08:30");
    expect(dateTime(null)).toBe("–");
  });

  it("I3, E4: counts an image to the day it was captured there", () => {
    expect(dayKey("2026-11-22T23:30:00Z", "Asia/Tokyo")).toBe("2026-11-23");
    expect(dayKey("2026-11-22T02:30:00Z", "America/Vancouver")).toBe("2026-11-21");
  });

  it.each([
    ["2026-11-22T14:05", "Europe/Berlin", "2026-11-22T13:05:00Z"],
    ["2026-07-01T09:00", "Europe/Berlin", "2026-07-01T07:00:00Z"],
    ["2026-03-29T03:30", "Europe/Berlin", "2026-03-29T01:30:00Z"],
    ["2026-07-01T09:00", "Asia/Kolkata", "2026-07-01T03:30:00Z"],
    ["2026-01-01T00:15", "Pacific/Auckland", "2025-12-31T11:15:00Z"],
  ])("E1: %s in %s is %s, and back", (wall, zone, instant) => {
    expect(instantFromWall(wall, zone)).toBe(instant);
    expect(wallFromInstant(Date.parse(instant), zone)).toBe(wall);
  });

  it.each([
    ["2026-03-29T02:30", "Europe/Zurich", "2026-03-29T01:30:00Z", "2026-03-29T03:30"],
    ["2026-10-25T02:30", "Europe/Zurich", "2026-10-25T00:30:00Z", "2026-10-25T02:30"],
    ["2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00Z", "2026-03-08T03:30"],
    ["2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T01:30"],
    ["2018-11-04T00:15", "America/Sao_Paulo", "2018-11-04T03:15:00Z", "2018-11-04T01:15"],
    ["2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00Z", "2026-10-04T02:45"],
    ["2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-05T01:45"],
    ["2011-12-30T12:00", "Pacific/Apia", "2011-12-30T22:00:00Z", "2011-12-31T12:00"],
    ["2011-12-29T23:30", "Pacific/Apia", "2011-12-30T09:30:00Z", "2011-12-29T23:30"],
    ["2011-12-31T00:30", "Pacific/Apia", "2011-12-30T10:30:00Z", "2011-12-31T00:30"],
  ])("E1: %s in %s, which is skipped or comes twice, is %s and shown as %s", (wall, zone, instant, shown) => {
    expect(instantFromWall(wall, zone)).toBe(instant);
    expect(wallFromInstant(Date.parse(instant), zone)).toBe(shown);
  });

  it("does not read what isn't a time", () => {
    expect(instantFromWall("", "UTC")).toBeNull();
    expect(instantFromWall("soon", "UTC")).toBeNull();
  });

  it("falls back to the device's zone for one that the browser doesn't know", () => {
    expect(knownZone("Mars/Olympus")).toBeUndefined();
    expect(knownZone("Europe/Berlin")).toBe("Europe/Berlin");
  });
});

it("P2: a birth date is a calendar date, the same everywhere", () => {
  expect(calendarDate("1984-05-03")).toBe("3 May 1984");
});

it.each([
  ["1984-05-03", "2026-05-02", 41],
  ["1984-05-03", "2026-05-03", 42],
  ["2024-02-29", "2025-02-28", 0],
  ["2024-02-29", "2025-03-01", 1],
  ["2027-01-01", "2026-11-22", null],
  ["nonsense", "2026-11-22", null],
])("somebody born on %s is on %s %j years old", (born, today, years) => {
  expect(age(born, today)).toBe(years);
});

it("shows sizes as file managers do", () => {
  expect(bytes(1)).toBe("1 byte");
  expect(bytes(248_300)).toBe("248 kB");
  expect(bytes(3_449_000)).toBe("3.4 MB");
});

it("says how long ago, and the day when it is long", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  expect(ago("2026-11-22T11:59:40Z", now)).toBe("just now");
  expect(ago("2026-11-22T11:30:00Z", now)).toBe("30 minutes ago");
  expect(ago("2026-11-21T12:00:00Z", now)).toBe("yesterday");
  expect(ago("2026-10-01T12:00:00Z", now, "UTC")).toBe("1 Oct 2026");
});

describe("counting in words", () => {
  it("writes one and many in English", () => {
    const count = counter("en-GB");
    const photos = { one: "photo", other: "photos" };
    expect([0, 1, 12_000].map((amount) => count(amount, photos))).toEqual(["0 photos", "1 photo", "12,000 photos"]);
  });

  it("leaves it to the language which forms there are, and falls back to the one that each has", () => {
    const count = counter("pl");
    const photos = { one: "zdjęcie", few: "zdjęcia", other: "zdjęć" };
    expect([1, 2, 5, 22].map((amount) => count(amount, photos))).toEqual(["1 zdjęcie", "2 zdjęcia", "5 zdjęć", "22 zdjęcia"]);
  });
});
