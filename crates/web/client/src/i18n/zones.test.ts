import { expect, it } from "vitest";
import { ownZone, zoneName, zoneOptions } from "./zones";

it.each([
  ["Asia/Calcutta", "Asia/Kolkata"],
  ["Asia/Katmandu", "Asia/Kathmandu"],
  ["Asia/Rangoon", "Asia/Yangon"],
  ["Asia/Saigon", "Asia/Ho Chi Minh City"],
  ["Europe/Kiev", "Europe/Kyiv"],
  ["America/Godthab", "America/Nuuk"],
  ["America/New_York", "America/New York"],
])("names %s as it is called today", (id, name) => expect(zoneName(id)).toBe(name));

it("offers each place once, under the stored id", () => {
  for (const stored of ["Asia/Calcutta", "Asia/Kolkata", "UTC", "Europe/Berlin"]) {
    const options = zoneOptions(stored);
    expect(options.filter(({ value }) => value === stored)).toHaveLength(1);
    expect(options.filter(({ label }) => label === "Asia/Kolkata")).toHaveLength(1);
    expect(options.filter(({ label }) => /Calcutta|Katmandu|Rangoon|Saigon|Kiev|Godthab/.test(label))).toEqual([]);
  }
});

it("takes the device's zone under either id, and UTC where it is unknown", () => {
  expect(["Asia/Kolkata", "Asia/Calcutta", "Europe/Berlin", "Etc/Unknown", "UTC"].map((own) => ownZone(own))).toEqual(["Asia/Kolkata", "Asia/Calcutta", "Europe/Berlin", "UTC", "UTC"]);
});
