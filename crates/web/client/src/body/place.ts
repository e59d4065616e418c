/** A body site with its side, in words and on the map. */
import type { BodySite } from "../api/types";
import { known, named } from "../i18n";
import { bodySites as texts } from "../i18n/bodySites";
import { folded } from "../tags/match";
import { type Region, VIEWS } from "./figures";
import { around, type Site, siteOf, SITES } from "./sites";

export type Placed = BodySite;
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

const covers = (value: Placed, side: Side | null): boolean => side === null || value.laterality === null || value.laterality === "bilateral" || value.laterality === side;

/** Whether a region is the chosen site, or `near`: a part of it, or what it is a part of. */
export function nearness(region: Region, side: Side | null, value: Placed | null): "chosen" | "near" | null {
  if (!value || !covers(value, side)) return null;
  if (region.zoom) {
    const isShownThere = VIEWS[region.zoom].some((figure) => figure.regions.some((it) => it.site === value.code || around(it.site).some((wider) => wider.code === value.code)));
    const isPartOf = region.site === value.code || around(value.code).some((wider) => wider.code === region.site);
    // The skin as a whole, or an arm, is not what is shown there.
    return isPartOf || (isShownThere && around(region.site).some((wider) => wider.code === value.code) && value.code !== SITES[0]?.code) ? "near" : null;
  }
  if (region.site === value.code) return "chosen";
  if (around(value.code).some((wider) => wider.code === region.site)) return "near";
  return value.code !== SITES[0]?.code && around(region.site).some((wider) => wider.code === value.code) ? "near" : null;
}

export interface Wanted {
  readonly sites: readonly Site[];
  /** The side that was typed with it. */
  readonly laterality: Laterality | null;
}

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
      return words.every((word) => wide.includes(word)) ? 4 : 9;
    }
    const first = words.join(" ");
    if (name === first) return 0;
    return name.startsWith(first) ? 1 : words.every((word) => ` ${name}`.includes(` ${word}`)) ? 2 : 3;
  };
  const sites = SITES.map((site) => ({ site, rank: rank(site) }))
    .filter((it) => it.rank < 9 && (laterality === null || it.site.isSided))
    .toSorted((one, other) => one.rank - other.rank)
    .map((it) => it.site);
  return { sites, laterality };
}
