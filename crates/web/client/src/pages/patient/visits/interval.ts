/** How long after the visit before another one is, in the unit in which people count that long. */
import { dayKey } from "../../../i18n/format";
import { visits as v } from "../../../i18n/visits";

const DAY_MS = 86_400_000;
const MONTH = 30.44;
const YEAR = 365.25;

/** "3 weeks later": from one instant to a later one, by the days of the zone. */
export function laterThan(before: string, at: string, zone?: string): string {
  const days = Math.round((Date.parse(dayKey(at, zone)) - Date.parse(dayKey(before, zone))) / DAY_MS);
  if (days <= 0) return v.sameDay;
  if (days < 14) return v.daysLater(days);
  if (days < 70) return v.weeksLater(Math.round(days / 7));
  if (days < 730) return v.monthsLater(Math.round(days / MONTH));
  return v.yearsLater(Math.floor(days / YEAR));
}
