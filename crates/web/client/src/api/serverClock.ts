/**
 * The server's time, as far as its answers tell it: tablets' clocks are wrong more often than anybody notices, and the time of a
 * photo is part of the record. An answer's `Date` is a full second, so each answer narrows down how far this device's clock is off.
 */

const SECOND = 1000;

/** How many milliseconds are to be added to this device's clock, at least and at most. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** What one answer tells, with what was known before; the answer alone where a clock has been set in between. */
export function narrowed(before: Bounds | null, date: number, sent: number, received: number): Bounds {
  const told = { least: date - received, most: date + SECOND - sent };
  if (!before) return told;
  const both = { least: Math.max(before.least, told.least), most: Math.min(before.most, told.most) };
  return both.least <= both.most ? both : told;
}

/** A clock that may be right is left as it is. */
export function correction(bounds: Bounds | null): number {
  if (!bounds || (bounds.least <= 0 && bounds.most >= 0)) return 0;
  return Math.round((bounds.least + bounds.most) / 2);
}

let bounds: Bounds | null = null;

export function noteServerTime(response: Response, sent: number): void {
  const date = Date.parse(response.headers.get("date") ?? "");
  if (!Number.isNaN(date)) bounds = narrowed(bounds, date, sent, Date.now());
}

/** Milliseconds since the epoch, by the server's clock. */
export const serverNow = (): number => Date.now() + correction(bounds);
