/** When the rows are laid out anew (another size, a turned tablet, a photo that was added), what was in sight stays there. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from "react";
import type { Layout } from "./layout";
import { covered } from "./useReveal";

/**
 * `isCovered`: the viewer lies over it, and nobody scrolls. When it closes, which is the way back in the history, the browser scrolls
 * to where the pool was when it was opened; what came meanwhile has moved the photos, so what was in sight counts instead, until what
 * this returns is called.
 */
export function useAnchor(pool: RefObject<HTMLElement | null>, layout: Layout, heading: number, isCovered: boolean): () => void {
  const anchor = useRef<{ readonly id: string; readonly offset: number } | null>(null);
  const isHeld = useRef(false);

  const put = useCallback(() => {
    const box = pool.current?.getBoundingClientRect();
    const kept = anchor.current;
    const cell = kept && layout.places.get(kept.id);
    if (!box || !cell) return;
    const moved = box.top + cell.top - kept.offset;
    if (Math.abs(moved) > 1) scrollBy({ top: moved, behavior: "instant" });
  }, [layout, pool]);
  useLayoutEffect(put, [put]);

  const look = useCallback(() => {
    if (!pool.current) return;
    const box = pool.current.getBoundingClientRect();
    const edge = covered(pool.current, heading) - box.top;
    // As long as the pool's beginning is in sight, what is new shall show there.
    const first = edge <= 0 ? undefined : layout.cells[firstBelow(layout, edge)];
    anchor.current = first ? { id: first.image.id, offset: box.top + first.top } : null;
  }, [layout, pool, heading]);
  const latest = useRef({ look, put });

  useLayoutEffect(() => {
    if (isCovered) isHeld.current = true;
  }, [isCovered]);
  useEffect(() => {
    latest.current = { look, put };
    if (!isHeld.current) look();
    const scrolled = () => (isHeld.current ? put() : look());
    addEventListener("scroll", scrolled, { passive: true });
    return () => removeEventListener("scroll", scrolled);
  }, [look, put]);

  return useCallback(() => {
    // Where the browser has scrolled may be told only with the next frame.
    latest.current.put();
    isHeld.current = false;
    latest.current.look();
  }, []);
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
