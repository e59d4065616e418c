import { expect, it } from "vitest";
import { bodySites } from "../i18n/en/bodySites";
import { points } from "./curve";
import { VIEW_IDS, VIEWS } from "./figures";
import { figuresFor, find, nearness, placed, siteName, viewFor } from "./place";
import { targetsOf } from "./Drawing";
import { around, partsOf, SITES, siteOf } from "./sites";

const codes = (found: ReturnType<typeof find>) => found.sites.map((site) => site.code);
const nameOf = (code: string | undefined) => bodySites.names[code as keyof typeof bodySites.names];

it("I3: the sites are those of the server, in its order, and sided as there", () => {
  const [source = ""] = Object.values(import.meta.glob<string>("../../../../domain/src/image/site.rs", { query: "?raw", import: "default", eager: true }));
  const there = [...source.matchAll(/^ {4}(sided|whole)\("(\d+)"/gm)].map(([, kind, code]) => `${code} ${kind}`);
  expect(there.length).toBe(119);
  expect(SITES.map(({ code, isSided }) => `${code} ${isSided ? "sided" : "whole"}`)).toEqual(there);
});

it("each has a name of its own, and is part of the skin", () => {
  const names = SITES.map((site) => nameOf(site.code));
  expect(names.every(Boolean)).toBe(true);
  expect(new Set(names).size).toBe(SITES.length);
  expect(Object.keys(bodySites.names).length).toBe(SITES.length);
  for (const { code } of SITES.slice(1)) expect(around(code).at(-1)?.code, nameOf(code)).toBe(SITES[0]?.code);
});

it("each can be reached from what the map shows: by it, by what is larger, and by what is a part of that", () => {
  const drawn = VIEW_IDS.flatMap((view) => VIEWS[view].flatMap((figure) => figure.regions.filter((it) => !it.zoom).map((it) => it.site)));
  const reached = new Set(drawn.flatMap((code) => [code, ...around(code).map((it) => it.code)]));
  for (const code of reached) for (const part of partsOf(code)) reached.add(part.code);
  expect(SITES.filter((site) => !reached.has(site.code)).map((site) => nameOf(site.code))).toEqual([]);
  expect(drawn.filter((code) => !siteOf(code))).toEqual([]);
});

it("a region without a side has none, unless it lies on both", () => {
  const wrong = VIEW_IDS.flatMap((view) => VIEWS[view].flatMap((figure) => figure.regions.filter((it) => !it.isMiddle && !it.zoom && !siteOf(it.site)?.isSided)));
  expect(wrong).toEqual([]);
});

it("regions can be hit by a finger: 44 by 44 at the size of a tablet", () => {
  const small = VIEW_IDS.flatMap((view) => VIEWS[view]).flatMap((figure) =>
    figure.regions.flatMap(({ site, area }) => {
      const [xs, ys] = [points(area).map(([x]) => x), points(area).map(([, y]) => y)];
      const size = Math.min(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) * (figure.scale ?? 1);
      return size < 44 ? [`${figure.id}: ${nameOf(site)} ${size}`] : [];
    }),
  );
  expect(small).toEqual([]);
});

it("what is typed finds a site by its names, by what it is part of, and its side", () => {
  expect(nameOf(codes(find("navel"))[0])).toBe("Navel");
  expect(nameOf(codes(find("antecub"))[0])).toBe("Inner elbow");
  const left = find("left forearm back");
  expect([nameOf(codes(left)[0]), left.laterality]).toEqual(["Forearm, back", "left"]);
  expect(codes(find("hand nail")).map(nameOf)).toContain("Thumbnail");
  expect(codes(find("Nävel")).map(nameOf)).toEqual(["Navel"]);
  expect(codes(find("xyz"))).toEqual([]);
  expect(codes(find("")).length).toBe(SITES.length);
});

it("is said in words with the patient's side, and shown on the map", () => {
  expect(siteName({ code: "41550009", laterality: "left" })).toBe("Forearm, back, left");
  expect(siteName({ code: "12345", laterality: null })).toBe("12345");
  expect(placed("315003", "left")).toEqual({ code: "315003", laterality: null });
  const breast = { site: "82038008", area: "" };
  expect(nearness(breast, "left", { code: "82038008", laterality: "left" })).toBe("chosen");
  expect(nearness(breast, "right", { code: "82038008", laterality: "left" })).toBe(null);
  expect(nearness(breast, "left", { code: "54468004", laterality: "left" })).toBe("around");
  expect(nearness(breast, "left", { code: "39937001", laterality: null })).toBe(null);
});

const marksOf = (value: { code: string; laterality: string | null }, view = viewFor(value.code)) =>
  VIEWS[view].flatMap((figure) =>
    (figure.isPair ? (["right", "left"] as const) : [undefined]).flatMap((item) =>
      targetsOf(figure, item).flatMap(({ region, side }) => {
        const near = nearness(region, side, value);
        return near ? [{ name: nameOf(region.site), side, near }] : [];
      }),
    ),
  );

it("the map turns to a view in which the site is marked, whichever it is", () => {
  for (const { code, isSided } of SITES.slice(1)) for (const laterality of isSided ? [null, "left", "right"] : [null]) expect(marksOf({ code, laterality }), nameOf(code)).not.toEqual([]);
  const views = { "66643007": "back", "4658004": "head", "371311000": "front", "371304004": "front", "33712006": "hands", "181491009": "front", "770810008": "hands" };
  for (const [code, view] of Object.entries(views)) expect(viewFor(code), nameOf(code)).toBe(view);
  expect(figuresFor("head", "4658004").map(({ id }) => id)).toEqual(["headBack", "face", "profile"]);
  expect(figuresFor("head", "68698007")[0]?.id).toBe("face");
  expect(figuresFor("hands", "770810008")[0]?.id).toBe("handBacks");
  expect(figuresFor("hands", null)).toBe(VIEWS.hands);
});

it("only the chosen site and its parts are marked as chosen; what it is a part of is only outlined", () => {
  expect(marksOf({ code: "770810008", laterality: "left" })).toEqual([
    { name: "Finger", side: "left", near: "around" },
    { name: "Finger", side: "left", near: "around" },
    { name: "Thumbnail", side: "left", near: "chosen" },
  ]);
  expect(marksOf({ code: "770810008", laterality: "left" }, "front")).toEqual([{ name: "Hand", side: "left", near: "around" }]);
  const back = marksOf({ code: "66643007", laterality: "left" });
  expect(back.length).toBeGreaterThan(1);
  expect(back.filter(({ near, side }) => near !== "part" || side !== "left")).toEqual([]);
});
