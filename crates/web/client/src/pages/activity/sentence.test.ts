import { describe, expect, it } from "vitest";
import type { ActivityEvent } from "../../api/types";
import { activity } from "../../i18n/activity";
import { actorOf, deviceOf, devicesOf, sentenceOf, wordsOf } from "./sentence";

const event = (change: object): ActivityEvent =>
  ({
    sequence: 1,
    at: "2026-11-22T12:00:00Z",
    actor: { kind: "account", name: "Dr. Amal Okafor", fullName: null },
    action: "image.stored",
    outcome: "ok",
    target: null,
    ip: null,
    userAgent: null,
    details: [],
    images: [],
    visitAt: null,
    ...change,
  }) as ActivityEvent;

describe("U5: activity in words", () => {
  it("names who did what", () => {
    expect(`${actorOf(event({}))} ${sentenceOf(event({}))}`).toBe("Dr. Amal Okafor added a photo");
    expect(actorOf(event({ actor: { kind: "system", name: "system" } }))).toBe("Cutis");
    expect(actorOf(event({ actor: { kind: "anonymous", name: "" } }))).toBe("Someone not signed in");
  });

  it("says when it did not work, but not twice, and not that it happened", () => {
    expect(sentenceOf(event({ action: "setting.changed", outcome: "refused" }))).toBe("tried to change a setting: refused");
    expect(sentenceOf(event({ action: "setting.changed", outcome: "failed" }))).toBe("tried to change a setting: failed");
    expect(sentenceOf(event({ action: "patient.changed", outcome: "refused", details: [{ key: "reason", value: "stale_version" }] }))).toBe("tried to edit the details: refused (the record had been changed in between)");
    expect(sentenceOf(event({ action: "image.rotated_back", outcome: "refused" }))).toBe("was refused: image: rotated back");
    expect(sentenceOf(event({ action: "session.refused", outcome: "refused" }))).toBe("could not sign in");
  });

  it("puts a code that is newer than the client into words", () => {
    expect(wordsOf("image.rotated_back")).toBe("image: rotated back");
    expect(sentenceOf(event({ action: "image.rotated_back" }))).toBe("image: rotated back");
  });

  it("A7: says which device's session was ended from another one, where that is known", () => {
    const [iPad, linux] = ["Mozilla/5.0 (iPad) Version/18.1 Safari/604.1", "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36"];
    const session = (id: string) => ({ target: { kind: "session", id } });
    const devices = devicesOf([event({ action: "session.started", userAgent: iPad, ...session("s1") }), event({ action: "session.started", userAgent: linux, ...session("s2") })]);
    const ended = (id: string, reason?: string) => sentenceOf(event({ action: "session.ended", userAgent: linux, ...session(id), details: reason ? [{ key: "reason", value: reason }] : [] }), devices);
    expect(["s1", "s2", "s3"].map((id) => ended(id))).toEqual(["ended the session on Safari on iPad", "signed out", "signed out"]);
    expect(["s2", "s3"].map((id) => ended(id, "chosen_at_sign_in"))).toEqual(["ended the session on Chrome on Linux", "ended another session"]);
  });

  it("has an attempt for every code that does not say by itself how it ended", () => {
    const ends = /refused|missing|mismatch|clock\.step/;
    expect(Object.keys(activity.actions).filter((code) => !ends.test(code) && !(code in activity.attempts))).toEqual([]);
  });

  it("has a sentence for every code with the shape of a code", () => {
    for (const [code, words] of Object.entries(activity.actions)) {
      expect(code).toMatch(/^[a-z_]+\.[a-z_]+$/);
      expect(words).toMatch(/^[a-z]/);
    }
  });
});

it.each([
  ["Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Safari on iPad"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge on Mac"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"],
  ["curl/8.1", "curl"],
  ["", null],
])("calls %s a %s", (agent, name) => expect(deviceOf(agent)).toBe(name));
