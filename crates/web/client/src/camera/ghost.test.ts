import { describe, expect, it } from "vitest";
import type { Image } from "../api/types";
import { comparable, earlierThan, offered } from "./ghost";

const FOREARM = "41550009";
const image = (id: string, site: Image["site"], view: string | null, uploadedAt = "2026-11-01T10:00:00Z") => ({ id, site, view, uploadedAt }) as Image;
const left = { code: FOREARM, laterality: "left" };
const right = { code: FOREARM, laterality: "right" };
const back = { code: "77568009", laterality: null };
const ALL = [image("newest", back, null), image("right", right, "anterior"), image("other view", left, "posterior"), image("same", left, "anterior"), image("older", left, "anterior")];
const id = (it: Image | null) => it?.id ?? null;

describe("I6: the earlier photo that shines through", () => {
  it("is the newest while nothing is chosen", () => expect(id(comparable(ALL, { site: null, view: null }))).toBe("newest"));
  it("is the last of the same site, side and view", () => expect(id(comparable(ALL, { site: left, view: "anterior" }))).toBe("same"));
  it("is the last of the same site where no view is the same", () => expect(id(comparable(ALL, { site: left, view: "superior" }))).toBe("other view"));
  it("is the last of the same view where no site is chosen", () => expect(id(comparable(ALL, { site: null, view: "posterior" }))).toBe("other view"));
  it("is of either side while none is said", () => expect(id(comparable(ALL, { site: { code: FOREARM, laterality: null }, view: null }))).toBe("right"));
  it("is none of another part of the body", () => expect(comparable(ALL, { site: { code: "1", laterality: null }, view: null })).toBeNull());
  it("is none that was just taken", () => {
    const now = image("just taken", left, "anterior", "2026-11-28T12:00:01Z");
    expect(earlierThan([now, ...ALL], Date.parse("2026-11-28T12:00:00Z")).map((it) => it.id)).not.toContain("just taken");
  });
  it("can be chosen from the others, comparable ones first", () => expect(offered(ALL, { site: left, view: "anterior" }).map((it) => it.id)).toEqual(["same", "older", "newest", "right", "other view"]));
});
