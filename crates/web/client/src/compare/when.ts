/** What is said of a photo's time in a comparison, and of the time between two. */
import { compare as t } from "../i18n/compare";
import { dateTime, dayKey } from "../i18n/format";
import type { Photo } from "./group";

export const whenOf = (photo: Photo, zone: string | undefined): string => {
  const when = dateTime(photo.moment, zone);
  return photo.isCaptured ? when : t.uploadedOn(when);
};

/** Its own label, if it has one, with its time. */
export const labelOf = (photo: Photo, zone: string | undefined): string => (photo.label ? t.labelled(photo.label, whenOf(photo, zone)) : whenOf(photo, zone));

const DAY_MS = 86_400_000;
const MONTH = 30.44;

/** "19 days": from one day to a later one, in the unit in which people count that long. */
export function intervalOf(before: string, after: string, zone: string | undefined): string {
  const days = Math.round((Date.parse(dayKey(after, zone)) - Date.parse(dayKey(before, zone))) / DAY_MS);
  if (days === 0) return t.sameDay;
  if (days < 60) return t.intervalDays(days);
  if (days < 730) return t.intervalMonths(Math.round(days / MONTH));
  return t.intervalYears(Math.floor(days / 365.25));
}

/** Where moments lie on an axis from 0 to 1; all in its middle where they are one moment. */
export function onAxis(moments: readonly string[]): readonly number[] {
  const times = moments.map((it) => Date.parse(it));
  const [least, most] = [Math.min(...times), Math.max(...times)];
  return times.map((it) => (most > least ? (it - least) / (most - least) : 0.5));
}
