/** When the rows are laid out anew (another size, a turned tablet, a photo that was added), what was in sight stays there. */
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import type { Layout } from "./layout";
import { covered } from "./useReveal";

export function useAnchor(pool: RefObject<HTMLElement | null>, layout: Layout, heading: number): void {
  const anchor = useRef<{ readonly id: string; readonly offset: number } | null>(null);

  useLayoutEffect(() => {
    const box = pool.current?.getBoundingClientRect();
    const kept = anchor.current;
    const cell = kept && layout.places.get(kept.id);
    if (!box || !cell) return;
    const moved = box.top + cell.top - kept.offset;
    if (Math.abs(moved) > 1) scrollBy({ top: moved, behavior: "instant" });
  }, [layout, pool]);

  useEffect(() => {
    const look = () => {
      if (!pool.current) return;
      const box = pool.current.getBoundingClientRect();
      const edge = covered(pool.current, heading) - box.top;
      // As long as the pool's beginning is in sight, what is new shall show there.
      const first = edge <= 0 ? undefined : layout.cells[firstBelow(layout, edge)];
      anchor.current = first ? { id: first.image.id, offset: box.top + first.top } : null;
    };
    look();
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }, [layout, pool, heading]);
}

/** The first photo whose row is not above the edge. */
function firstBelow({ cells }: Layout, edge: number): number {
  let low = 0;
  let high = cells.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cells[middle]?.top ?? 0) < edge) low = middle + 1;
    else high = middle;
  }
  return low;
}
