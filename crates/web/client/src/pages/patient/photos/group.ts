/** The pool by day of capture; an image without a time in its file counts by its upload (I3, E4). */
import type { Image } from "../../../api/types";
import { t } from "../../../i18n";
import { dateTime, dayKey } from "../../../i18n/format";

export interface Day {
  readonly key: string;
  /** An instant in that day, for its heading. */
  readonly at: string;
  readonly images: readonly Image[];
}

export const momentOf = (image: Image): string => image.capturedAt ?? image.uploadedAt;

/** "25 Nov 2026, 21:30"; says so where it is only known when the photo was uploaded. */
export function takenAt(image: Image, zone?: string): string {
  const when = dateTime(momentOf(image), zone);
  return image.capturedAt ? when : t.viewer.uploadedOn(when);
}

export function byDay(images: readonly Image[], zone?: string): Day[] {
  const days = new Map<string, { at: string; images: Image[] }>();
  for (const image of images) {
    const at = momentOf(image);
    const key = dayKey(at, zone);
    const found = days.get(key);
    if (found) found.images.push(image);
    else days.set(key, { at, images: [image] });
  }
  return [...days].map(([key, it]) => ({ key, ...it })).toSorted((a, b) => (a.key < b.key ? 1 : -1));
}
