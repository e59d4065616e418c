/** The photo that another one is compared with: the newest earlier one of the same body site and view. */
import type { Image } from "../api/types";

type Known = Pick<Image, "id" | "capturedAt" | "uploadedAt" | "site" | "view">;

const momentOf = (image: Known): number => Date.parse(image.capturedAt ?? image.uploadedAt);

/** Both are known, and the same. */
export const isSameView = (one: Known, other: Known): boolean =>
  one.site !== null && one.view !== null && other.site !== null && one.view === other.view && one.site.code === other.site.code && one.site.laterality === other.site.laterality;

export interface Earlier<T> {
  readonly image: T;
  readonly isSameView: boolean;
}

/** Else the last one before it, whatever it shows; null where there is none. */
export function earlierOf<T extends Known>(image: Known, images: readonly T[]): Earlier<T> | null {
  const before = images.filter((it) => it.id !== image.id && momentOf(it) < momentOf(image)).toSorted((a, b) => momentOf(b) - momentOf(a));
  const same = before.find((it) => isSameView(image, it));
  const found = same ?? before[0];
  return found ? { image: found, isSameView: same !== undefined } : null;
}
