/** A body site with its side, in words and on the map. */
import type { BodySite } from "../api/types";
import { known, named } from "../i18n";
import { bodySites as texts } from "../i18n/bodySites";
import { folded } from "../tags/match";
import { type Figure, type Region, VIEW_IDS, type ViewId, VIEWS } from "./figures";
import { around, partsOf, type Site, siteOf, SITES } from "./sites";

export type Placed = BodySite;
/** Of photos: null where they have none, undefined where they differ. */
export type Chosen = Placed | null | undefined;
export type Side = "left" | "right";
export const LATERALITIES = ["left", "right", "bilateral"] as const;
export type Laterality = (typeof LATERALITIES)[number];

/** "Forearm, back, left". The code itself where it is newer than this client. */
export function siteName({ code, laterality }: Placed): string {
  const name = named(texts.names, code);
  return laterality === null ? name : texts.placed(name, named(texts.sides, laterality));
}

/** What is said of a region: what it is, and whose side. */
export function regionLabel(region: Region, side: Side | null): string {
  const name = region.zoom === undefined ? named(texts.names, region.site) : named(texts.zoom, region.zoom);
  return side === null ? name : texts.placed(name, side === "left" ? texts.patientsLeft : texts.patientsRight);
}

/** The site with a side if it has sides, else without. */
export const placed = (code: string, laterality: string | null): Placed => ({ code, laterality: siteOf(code)?.isSided ? laterality : null });

/** Whether a site has sides, and none is said. */
export const lacksSide = ({ code, laterality }: Placed): boolean => laterality === null && siteOf(code)?.isSided === true;

const covers = (value: Placed, side: Side | null): boolean => side === null || value.laterality === null || value.laterality === "bilateral" || value.laterality === side;

/** A side that was said of one site is not said of another one. */
export const sideFor = (code: string, before: Placed | null): string | null => (before?.code === code ? before.laterality : null);

const isDrawn = (figure: Figure, code: string): boolean => figure.regions.some((region) => !region.zoom && region.site === code);
const regionsOf = (view: ViewId, is: (region: Region) => boolean): number => VIEWS[view].flatMap((figure) => figure.regions).filter(is).length;
const mostOf = (is: (region: Region) => boolean): ViewId | undefined =>
  VIEW_IDS.map((view) => ({ view, amount: regionsOf(view, is) }))
    .filter(({ amount }) => amount > 0)
    .toSorted((one, other) => other.amount - one.amount)[0]?.view;

export const isShown = (view: ViewId, code: string): boolean => VIEWS[view].some((figure) => isDrawn(figure, code));

/** The view in which a site is marked: by itself, else by most of its parts, else by what it is a part of. */
export function viewFor(code: string): ViewId {
  const itself = VIEW_IDS.find((view) => isShown(view, code));
  if (itself) return itself;
  const direct = new Set(partsOf(code).map((part) => part.code));
  const parts = mostOf((region) => !region.zoom && direct.has(region.site)) ?? mostOf((region) => !region.zoom && around(region.site).some((wider) => wider.code === code));
  if (parts) return parts;
  const wider = around(code).flatMap((it) => VIEW_IDS.find((view) => regionsOf(view, (region) => region.site === it.code) > 0) ?? []);
  return wider[0] ?? "front";
}

/** The figures of a view, first the one that shows a site: as a whole sooner than one of a pair. */
export function figuresFor(view: ViewId, code: string | null): readonly Figure[] {
  const all = VIEWS[view];
  const showing = code === null ? [] : [code, ...around(code).map((it) => it.code)].map((it) => all.filter((figure) => isDrawn(figure, it))).find((found) => found.length > 0);
  const first = showing?.find((figure) => !figure.isPair) ?? showing?.[0];
  return first ? [first, ...all.filter((figure) => figure !== first)] : all;
}

/** Whether a region is the chosen site, a `part` of it, or what is `around` it: that was not chosen. */
export function nearness(region: Region, side: Side | null, value: Placed | null): "chosen" | "part" | "around" | null {
  if (!value || !covers(value, side)) return null;
  const isWhole = value.code === SITES[0]?.code;
  if (around(value.code).some((wider) => wider.code === region.site)) return "around";
  if (region.zoom) {
    const isShownThere = VIEWS[region.zoom].some((figure) => figure.regions.some((it) => it.site === value.code || around(it.site).some((wider) => wider.code === value.code)));
    // The skin as a whole is not what is shown there.
    return region.site === value.code || (isShownThere && !isWhole && around(region.site).some((wider) => wider.code === value.code)) ? "part" : null;
  }
  if (region.site === value.code) return "chosen";
  return !isWhole && around(region.site).some((wider) => wider.code === value.code) ? "part" : null;
}

export interface Wanted {
  readonly sites: readonly Site[];
  /** The side that was typed with it. */
  readonly laterality: Laterality | null;
  /** Whether the first is the only one that is called so; the others are parts of what is. */
  readonly isSole: boolean;
}

/** What is found only by what it is a part of. */
const BY_WIDER = 4;

const sideOf = (word: string) => LATERALITIES.find((side) => folded(texts.sides[side]) === word) ?? null;

/** Which sites are meant by what was typed, the best first: every word must be found. "left forearm" names a side as well. */
export function find(typed: string): Wanted {
  const all = folded(typed).split(" ").filter(Boolean);
  const laterality = all.map(sideOf).find((side) => side !== null) ?? null;
  const words = all.filter((word) => sideOf(word) === null);
  const rank = ({ code }: Site): number => {
    const name = folded(named(texts.names, code));
    const more = `${name} ${folded(known(texts.words, code) ?? "")}`;
    if (!words.every((word) => ` ${more}`.includes(` ${word}`))) {
      const wide = `${more} ${around(code).map((it) => folded(named(texts.names, it.code))).join(" ")}`;
      return words.every((word) => wide.includes(word)) ? BY_WIDER : 9;
    }
    const first = words.join(" ");
    if (name === first) return 0;
    return name.startsWith(first) ? 1 : words.every((word) => ` ${name}`.includes(` ${word}`)) ? 2 : 3;
  };
  const found = SITES.map((site) => ({ site, rank: rank(site) }))
    .filter((it) => it.rank < 9 && (laterality === null || it.site.isSided))
    .toSorted((one, other) => one.rank - other.rank);
  const isOne = (is: (rank: number) => boolean) => found.filter((it) => is(it.rank)).length === 1;
  const isSole = words.length > 0 && (found.length === 1 || isOne((it) => it === 0) || isOne((it) => it < BY_WIDER));
  return { sites: found.map((it) => it.site), laterality, isSole };
}
