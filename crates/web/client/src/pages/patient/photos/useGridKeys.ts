/** Arrow keys over a grid of links that wraps as it likes: neighbours are found by where they are on the screen. */
import { type KeyboardEvent, useState } from "react";

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

/** The index to go to from `from`; the same index at an edge. */
export function neighbour(boxes: readonly Box[], from: number, direction: Direction): number {
  if (direction === "ArrowLeft") return Math.max(0, from - 1);
  if (direction === "ArrowRight") return Math.min(boxes.length - 1, from + 1);
  const here = boxes[from];
  if (!here) return from;
  const middle = here.left + here.width / 2;
  const sign = direction === "ArrowDown" ? 1 : -1;
  let best = from;
  let bestRow = Number.POSITIVE_INFINITY;
  let bestSide = Number.POSITIVE_INFINITY;
  boxes.forEach((box, index) => {
    const row = (box.top - here.top) * sign;
    if (row < here.height / 2) return;
    const side = Math.abs(box.left + box.width / 2 - middle);
    if (row < bestRow - 1 || (Math.abs(row - bestRow) <= 1 && side < bestSide)) {
      best = index;
      bestRow = row;
      bestSide = side;
    }
  });
  return best;
}

const DIRECTIONS = new Set<string>(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);
const isDirection = (key: string): key is Direction => DIRECTIONS.has(key);

function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const cells = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-cell]")];
  const from = cells.findIndex((cell) => cell === document.activeElement);
  if (from < 0) return;
  let to = from;
  if (isDirection(event.key)) to = neighbour(cells.map((cell) => cell.getBoundingClientRect()), from, event.key);
  else if (event.key === "Home") to = 0;
  else if (event.key === "End") to = cells.length - 1;
  else return;
  event.preventDefault();
  cells[to]?.focus();
}

/** One link of the grid is in the tab order; `onKeyDown` goes on the grid, the links carry `data-cell`. */
export function useGridKeys(ids: readonly string[]) {
  const [active, setActive] = useState<string | null>(null);
  const current = active !== null && ids.includes(active) ? active : (ids[0] ?? null);

  return { current, setActive, onKeyDown };
}
