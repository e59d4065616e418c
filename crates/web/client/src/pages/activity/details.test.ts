import { expect, it } from "vitest";
import type { ActivityEvent, CustomField } from "../../api/types";
import { isTechnical, particularsOf } from "./details";

const FIELDS = [{ id: "f1", label: "Study number" }, { id: "f2", label: "Side" }] as CustomField[];
const told = (details: Record<string, string>, target: ActivityEvent["target"] = null) => {
  const event = { details: Object.entries(details).map(([key, value]) => ({ key, value })), target } as ActivityEvent;
  return particularsOf(event, FIELDS).map(({ label, value }) => `${label}: ${value}`);
};

it("U5, P2: names the fields that were edited, the practice's own by what they are called now", () => {
  expect(told({ fields: "firstName, lastName", practiceFields: "f2, f1, f9" })).toEqual(["fields: First name, Last name", "patient fields: Side, Study number, A patient field"]);
  expect(told({ fields: "", practiceFields: "f1" })).toEqual(["patient fields: Study number"]);
});

it("U5, P2: tells where a field was moved to, counted from one, and only if it was", () => {
  expect(told({ new: "Side: a | b", newPosition: "2", old: "Side: a | b", oldPosition: "0" })).toEqual(["now: Side: a | b", "position before: 1", "position now: 3"]);
  expect(told({ new: "Side: text", newPosition: "1", old: "Part: text", oldPosition: "1" })).toEqual(["before: Part: text", "now: Side: text"]);
});

it("U5: says what codes mean and leaves ids as they are", () => {
  expect(told({ sha256: "abc", basis: "consent" })).toEqual(["allowed by: a consent on record", "SHA-256: abc"]);
  expect(told({ images: "i1, i2", rendition: "screen" })).toEqual(["size shown: screen size", "photos: i1, i2"]);
  expect(told({ reason: "wrong_password" })).toEqual(["reason: incorrect password"]);
  expect(told({ reason: "newer_code" })).toEqual(["reason: newer_code"]);
});

it("names settings as the settings do", () => {
  expect(told({ "consent.level": "required", "practice.time_zone": "Europe/Zurich" })).toEqual(["Consent before photos: Required", "Time zone: Europe/Zurich"]);
  const target = { kind: "setting", id: "password.policy" };
  expect(told({ old: "complex", new: "passphrase" }, target)).toEqual(["setting: Password policy", "before: Complex", "now: Passphrase"]);
});

it("leaves alone what it has no words for", () => expect(told({ shape: "abc" })).toEqual(["shape: abc"]));

it("U5: ids are only under the technical details; what was downloaded was not shown", () => {
  expect(isTechnical({ key: "added", value: "01a2b3c4-1111-7222-8333-444455556666, 01a2b3c4-1111-7222-8333-444455556667" })).toBe(true);
  expect(isTechnical({ key: "fields", value: "First name" })).toBe(false);
  const event = { action: "image.original_downloaded", details: [{ key: "rendition", value: "original" }], target: null } as unknown as ActivityEvent;
  expect(particularsOf(event, FIELDS).map(({ label, value }) => `${label}: ${value}`)).toEqual(["downloaded: original file"]);
});
