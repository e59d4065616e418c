/** E4: the photos of a visit by day of capture, in the order that the account chose for it. */
import type { Image } from "../../../api/types";
import type { VisitOrder } from "../../../resources/visitLayout";
import { byDay, type Day, momentOf } from "../photos/group";

export function daysOf(images: readonly Image[], order: VisitOrder, zone?: string): Day[] {
  const oldest = images.toSorted((a, b) => Date.parse(momentOf(a)) - Date.parse(momentOf(b)));
  const isUp = order === "ascending";
  const days = byDay(isUp ? oldest : oldest.toReversed(), zone);
  return isUp ? days.toReversed() : days;
}
