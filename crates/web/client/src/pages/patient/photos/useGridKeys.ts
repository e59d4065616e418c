/** Arrow keys over photos that lie in rows: neighbours are found by where they are, also where they are not drawn yet. */
import { type KeyboardEvent, useState } from "react";
import type { Cell, Layout } from "./layout";
import type { Where } from "./order";

export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

/** The index to go to from `from`; the same index at an edge. */
export function neighbour(cells: readonly Pick<Cell, "left" | "top" | "width" | "height">[], from: number, direction: Direction): number {
  if (direction === "ArrowLeft") return Math.max(0, from - 1);
  if (direction === "ArrowRight") return Math.min(cells.length - 1, from + 1);
  const here = cells[from];
  if (!here) return from;
  const middle = here.left + here.width / 2;
  const step = direction === "ArrowDown" ? 1 : -1;
  let best = from;
  let bestSide = Number.POSITIVE_INFINITY;
  let row: number | null = null;
  for (let at = from + step; at >= 0 && at < cells.length; at += step) {
    const cell = cells[at];
    if (!cell) break;
    if ((cell.top - here.top) * step < here.height / 2) continue;
    // Cells come row by row, so the first row that differs is the one, and the next one ends the search.
    row ??= cell.top;
    if (Math.abs(cell.top - row) > 1) break;
    const side = Math.abs(cell.left + cell.width / 2 - middle);
    if (side < bestSide) {
      best = at;
      bestSide = side;
    }
  }
  return best;
}

const WHERES: Readonly<Record<string, Where>> = { ArrowLeft: "earlier", ArrowRight: "later", Home: "start", End: "end" };
const DIRECTIONS = new Set<string>(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);
const isDirection = (key: string): key is Direction => DIRECTIONS.has(key);

/** One link of the pool is in the tab order; `onKeyDown` goes on the pool, the links carry `data-cell`. */
export function useGridKeys(layout: Layout, goTo: (imageId: string) => void, onMoveBy?: (imageId: string, where: Where) => void) {
  const [active, setActive] = useState<string | null>(null);
  const current = active !== null && layout.places.has(active) ? active : (layout.cells[0]?.image.id ?? null);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const id = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.cell : undefined;
    const from = id === undefined ? undefined : layout.places.get(id);
    if (!from || id === undefined) return;
    const where = WHERES[event.key];
    if (event.shiftKey && where && onMoveBy) {
      event.preventDefault();
      onMoveBy(id, where);
      return;
    }
    let to: number;
    if (isDirection(event.key)) to = neighbour(layout.cells, from.index, event.key);
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = layout.cells.length - 1;
    else return;
    event.preventDefault();
    const next = layout.cells[to];
    if (next) goTo(next.image.id);
  };
  return { current, setActive, onKeyDown };
}
