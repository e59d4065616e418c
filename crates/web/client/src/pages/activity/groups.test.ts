import { expect, it } from "vitest";
import type { ActivityEvent } from "../../api/types";
import { grouped, imagesOf, sentenceOfGroup } from "./groups";

let sequence = 1000;
const event = (time: string, action: string, more: object = {}): ActivityEvent =>
  ({
    sequence: (sequence -= 1),
    at: `2026-11-25T${time}:00Z`,
    actor: { kind: "account", name: "dana", fullName: "Dana Weber" },
    action,
    outcome: "ok",
    target: null,
    ip: null,
    userAgent: null,
    details: [],
    images: [],
    visitAt: null,
    ...more,
  }) as ActivityEvent;
const image = (id: string) => ({ target: { kind: "image", id }, images: [id] });
const told = (...events: ActivityEvent[]) => grouped(events).map((group) => `${group.events.length}: ${sentenceOfGroup(group, "Europe/Berlin")}`);

it("F4: viewing photos is one thing, whatever the screen asked for; each photo counts once", () => {
  const thumbnails = { details: [{ key: "images", value: "i1, i2, i3" }], images: ["i1", "i2", "i3"] };
  const events = [event("21:44", "image.viewed", image("i3")), event("21:42", "image.thumbnails_viewed", thumbnails), event("21:41", "patient.viewed"), event("21:40", "images.listed"), event("21:39", "image.viewed", image("i4"))];
  expect(told(...events)).toEqual(["4: viewed 2 photos", "1: viewed the patient"]);
  expect(grouped(events).map(imagesOf)).toEqual([["i3", "i1", "i2", "i4"], []]);
});

it("F4: a change in between, another person, another outcome or a long pause begins something new", () => {
  expect(told(event("21:44", "image.viewed", image("i1")), event("21:43", "entry.created"), event("21:42", "image.viewed", image("i2")))).toEqual(["1: viewed a photo", "1: added a visit", "1: viewed a photo"]);
  expect(told(event("21:44", "image.viewed", image("i1")), event("21:43", "image.viewed", { ...image("i1"), actor: { kind: "account", name: "eva", fullName: "Eva" } }))).toHaveLength(2);
  expect(told(event("21:44", "image.viewed"), event("21:43", "image.viewed", { outcome: "refused" }))).toHaveLength(2);
  expect(told(event("21:44", "image.viewed", image("i1")), event("21:20", "image.viewed", image("i2")))).toHaveLength(2);
});

it("F4: says how many were added, and of what has no words for it how many times", () => {
  expect(told(event("21:44", "image.stored"), event("21:44", "image.stored"), event("21:43", "image.stored"))).toEqual(["3: added 3 photos"]);
  expect(told(event("21:44", "patient.viewed"), event("21:43", "patient.viewed"))).toEqual(["2: viewed the patient (2 times)"]);
  expect(told(event("21:44", "image.refused", { outcome: "refused" }), event("21:44", "image.refused", { outcome: "refused" }))).toEqual(["2: tried to add a file that was refused (2 times)"]);
});

it("F4: thumbnails that were shown are not photos that were viewed", () => {
  const thumbnails = { details: [{ key: "images", value: "i1, i2, i3" }], images: ["i1", "i2", "i3"] };
  expect(told(event("21:42", "image.thumbnails_viewed", thumbnails), event("21:40", "images.listed"))).toEqual(["2: viewed 3 photo thumbnails"]);
  expect(told(event("21:40", "images.listed", { details: [{ key: "images", value: "i1, i2" }] }))).toEqual(["1: viewed the photos"]);
});

it("F4: repeated refusals are one, also with particulars; for another reason they are another", () => {
  const refused = (reason: string) => ({ outcome: "refused", details: [{ key: "reason", value: reason }] });
  const access = ["not_found", "handed_over", "not_found"].map((reason, at) => event(`21:4${at}`, "access.refused", refused(reason))).toReversed();
  expect(told(...access)).toEqual(["3: requested something that is not allowed (3 times)"]);
  const stale = event("21:44", "patient.changed", refused("stale_version"));
  expect(told(stale, event("21:43", "patient.changed", refused("stale_version")), event("21:42", "patient.changed", refused("unique_id_taken")))).toEqual([
    "2: tried to edit the details: refused (the record had been changed in between) (2 times)",
    "1: tried to edit the details: refused (the unique ID is already in use)",
  ]);
});

it("A7: each ended session is told for itself", () => {
  const ended = (id: string) => ({ target: { kind: "session", id } });
  expect(told(event("21:44", "session.ended", ended("s1")), event("21:43", "session.ended", ended("s2")))).toHaveLength(2);
});

it("U5: a change with particulars of its own is told for itself", () => {
  const changed = { details: [{ key: "fields", value: "firstName" }] };
  expect(told(event("21:44", "patient.changed", changed), event("21:43", "patient.changed", changed))).toHaveLength(2);
});

it("U5: photos are counted, not how often they were changed", () => {
  const changed = (id: string) => event("21:44", "image.changed", { ...image(id), details: [{ key: "fields", value: "caption" }] });
  expect(told(changed("i1"), changed("i2"), changed("i1"))).toEqual(["3: changed the details of 2 photos"]);
  expect(told(changed("i1"), changed("i1"))).toEqual(["2: changed a photo's details (2 times)"]);
  expect(told(event("21:44", "image.changed"), event("21:44", "image.changed"))).toEqual(["2: changed a photo's details (2 times)"]);
});

it("S1: what one person typed into one visit is one, beside what others type and look at; a pause begins another", () => {
  const typed = (time: string, id: string, more: object = {}) =>
    event(time, "entry.changed", { target: { kind: "entry", id }, visitAt: id === "e1" ? "2026-03-03T23:30:00Z" : "2026-03-02T10:00:00Z", details: [{ key: "notes", value: "5" }], ...more });
  const eva = { actor: { kind: "account", name: "eva", fullName: "Eva" } };
  const events = [typed("21:44", "e1"), typed("21:44", "e1", eva), event("21:43", "image.viewed", image("i1")), typed("21:42", "e1"), typed("21:42", "e2"), typed("21:41", "e1", eva), typed("21:41", "e1"), event("21:30", "entry.created"), typed("21:29", "e2"), typed("21:05", "e2"), typed("21:04", "e2")];
  expect(told(...events)).toEqual([
    // In the practice's time zone it is the next day.
    "3: typed in the visit of 4 Mar 2026, 3 changes",
    "2: typed in the visit of 4 Mar 2026, 2 changes",
    "1: viewed a photo",
    "1: changed the visit of 2 Mar 2026",
    "1: added a visit",
    "1: changed the visit of 2 Mar 2026",
    "2: typed in the visit of 2 Mar 2026, 2 changes",
  ]);
  // In one's own activity it is not told which visit it was.
  expect(told(typed("21:44", "e1", { visitAt: null }), typed("21:43", "e1", { visitAt: null }))).toEqual(["2: typed in a visit, 2 changes"]);
  expect(told(typed("21:44", "e1", { outcome: "refused", details: [] }))).toEqual(["1: tried to change a visit: refused"]);
});
