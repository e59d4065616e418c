/** Brings a photo into sight and gives it the focus, also one that is not drawn yet. */
import { type RefObject, useCallback, useEffect, useState } from "react";
import type { Layout } from "./layout";

/** Kept free above and below what is revealed. */
const AIR = 12;

/** How much of the window's upper end is covered by a day's heading and by what sticks above it: the record's bar, on a phone the years. */
export function covered(pool: HTMLElement, heading: number): number {
  return (Number.parseFloat(getComputedStyle(pool).scrollMarginTop) || 0) + heading;
}

/** How much of its lower end: by the bar of selected photos, by the list of uploads, on a phone by the pages of the program. */
const coveredBelow = (): number => Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingBottom) || 0;

export function useReveal(pool: RefObject<HTMLElement | null>, layout: Layout, heading: number) {
  // A new object each time, so that the same photo may be asked for twice.
  const [asked, setAsked] = useState<{ readonly id: string } | null>(null);

  const reveal = useCallback(
    (id: string) => {
      const cell = layout.places.get(id);
      if (!cell || !pool.current) return;
      const box = pool.current.getBoundingClientRect();
      const above = box.top + cell.top - covered(pool.current, heading) - AIR;
      const below = box.top + cell.top + cell.height + Math.max(AIR, coveredBelow()) - innerHeight;
      if (above < 0) scrollBy({ top: above, behavior: "instant" });
      else if (below > 0) scrollBy({ top: Math.min(below, above), behavior: "instant" });
      setAsked({ id });
    },
    [layout, pool, heading],
  );

  useEffect(() => {
    if (asked) pool.current?.querySelector<HTMLElement>(`[data-cell="${CSS.escape(asked.id)}"]`)?.focus({ preventScroll: true });
  }, [asked, pool]);

  return { reveal, kept: asked?.id ?? null };
}
