/** Which earlier photo shines through the preview (I6). */
import type { BodySite, Image } from "../api/types";

/** What the following photos will show. */
export interface Chips {
  readonly site: BodySite | null;
  readonly view: string | null;
}

export const MOST_GHOST = 60;
/** So many are offered to choose from. */
const OFFERED = 24;

/** A side that one of them does not say may be the same. */
const isSameSite = (one: BodySite | null, other: BodySite): boolean =>
  one?.code === other.code && (one.laterality === other.laterality || one.laterality === null || other.laterality === null);

const fits = (image: Image, { site, view }: Chips): boolean => (site === null || isSameSite(image.site, site)) && (view === null || image.view === view);

/**
 * The last photo of the same site and view; where there is none, of the same site. Nothing else where a site is chosen: another part of
 * the body would mislead. `images` are the newest first.
 */
export function comparable(images: readonly Image[], chips: Chips): Image | null {
  const exact = images.find((image) => fits(image, chips));
  if (exact || chips.site === null) return exact ?? null;
  return images.find((image) => fits(image, { ...chips, view: null })) ?? null;
}

/** Those that can be chosen, comparable ones first. */
export function offered(images: readonly Image[], chips: Chips): readonly Image[] {
  const first = images.filter((image) => fits(image, chips));
  return [...first, ...images.filter((image) => !first.includes(image))].slice(0, OFFERED);
}

/** Photos that were there before the camera was opened: one that was just taken is no earlier one. */
export const earlierThan = (images: readonly Image[], opened: number): readonly Image[] => images.filter((image) => Date.parse(image.uploadedAt) < opened);
