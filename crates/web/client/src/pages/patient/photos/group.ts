/** The pool by day of capture; an image without a time in its file counts by its upload (I3, E4). */
import type { Image } from "../../../api/types";
import { t } from "../../../i18n/photos";
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
  if (image.capturedAt && image.capturedInFuture) return t.viewer.doubtful(when);
  return image.capturedAt ? when : t.viewer.uploadedOn(when);
}

const DAY_MS = 86_400_000;
const MONTH = 30.44;

/** "19 days earlier": from one day back to another, both YYYY-MM-DD, in the unit in which people count that long. */
export function earlier(later: string, day: string): string {
  const days = Math.round((Date.parse(later) - Date.parse(day)) / DAY_MS);
  if (days < 60) return t.photos.daysEarlier(days);
  if (days < 730) return t.photos.monthsEarlier(Math.round(days / MONTH));
  return t.photos.yearsEarlier(Math.floor(days / 365.25));
}

/** "yesterday", "19 days ago": from a day to today, both YYYY-MM-DD. */
export function sinceDay(today: string, day: string): string {
  const days = Math.round((Date.parse(today) - Date.parse(day)) / DAY_MS);
  const relative = new Intl.RelativeTimeFormat(t.locale, { numeric: "auto" });
  if (days < 60) return relative.format(-days, "day");
  if (days < 730) return relative.format(-Math.round(days / MONTH), "month");
  return relative.format(-Math.floor(days / 365.25), "year");
}

/** The key of what is shown in the manual order, which is no day. */
export const MANUAL = "manual";

/** All photos as one block, in the order in which they come. */
export const inOneBlock = (images: readonly Image[]): Day[] => (images.length === 0 ? [] : [{ key: MANUAL, at: "", images }]);

const isDoubtful = (day: Day): boolean => day.images.every((image) => image.capturedAt !== null && image.capturedInFuture);

/** What stands beside a day's name: how long before the day above it lies, or how long ago. A date later than its upload says that it is doubtful, and no other day is counted from it. */
export function intervalOf(day: Day, later: Day | undefined, today: string): string {
  if (isDoubtful(day)) return t.photos.doubtfulDay;
  return later && !isDoubtful(later) ? earlier(later.key, day.key) : sinceDay(today, day.key);
}

/** Reading a calendar takes far longer than looking it up, and a pool is grouped anew with each page that comes. */
const known = new WeakMap<Image, { readonly zone: string | undefined; readonly at: string; readonly key: string }>();

function keyOf(image: Image, zone: string | undefined): string {
  const at = momentOf(image);
  const found = known.get(image);
  if (found && found.zone === zone && found.at === at) return found.key;
  const key = dayKey(at, zone);
  known.set(image, { zone, at, key });
  return key;
}

export function byDay(images: readonly Image[], zone?: string): Day[] {
  const days = new Map<string, { at: string; images: Image[] }>();
  for (const image of images) {
    const at = momentOf(image);
    const key = keyOf(image, zone);
    const found = days.get(key);
    if (found) found.images.push(image);
    else days.set(key, { at, images: [image] });
  }
  return [...days].map(([key, it]) => ({ key, ...it })).toSorted((a, b) => (a.key < b.key ? 1 : -1));
}
