/** The manual order of a pool (I3): what is to be moved where. */
import type { Image, ImageMove } from "../../../api/types";

export type Where = "earlier" | "later" | "start" | "end";

/** Where chosen photos go as a block, one place further or to an end; null where they are there already. */
export function moveBy(images: readonly Pick<Image, "id">[], chosen: ReadonlySet<string>, where: Where): ImageMove | null {
  const ids = images.map((it) => it.id);
  const moved = ids.filter((id) => chosen.has(id));
  const rest = ids.filter((id) => !chosen.has(id));
  if (moved.length === 0 || rest.length === 0) return null;
  const before = (place: number): number => ids.slice(0, place).filter((id) => !chosen.has(id)).length;
  const [first, last] = [ids.indexOf(moved[0] ?? ""), ids.lastIndexOf(moved.at(-1) ?? "")];
  const places: Readonly<Record<Where, number>> = { earlier: before(first) - 1, later: before(last) + 1, start: 0, end: rest.length };
  return moveTo(images, chosen, Math.min(rest.length, Math.max(0, places[where])));
}

/** The same to a place among the others, from 0; null where nothing would change. */
export function moveTo(images: readonly Pick<Image, "id">[], chosen: ReadonlySet<string>, place: number): ImageMove | null {
  const ids = images.map((it) => it.id);
  const moved = ids.filter((id) => chosen.has(id));
  const rest = ids.filter((id) => !chosen.has(id));
  const next = [...rest.slice(0, place), ...moved, ...rest.slice(place)];
  if (next.every((id, at) => id === ids[at])) return null;
  return { images: moved, after: rest[place - 1] ?? null };
}
