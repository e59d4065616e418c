/**
 * A photo is dragged to another place of the manual order: with the mouse at once, with a finger after it rested on the photo, so
 * that it can scroll too. Near the upper and the lower edge the pool scrolls along. Escape ends it where it began.
 */
import { type MouseEvent, type PointerEvent, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Cell, Layout } from "./layout";
import { covered } from "./useReveal";

const REST_MS = 350;
/** Movements below these, in pixels, are none: of a mouse, of a finger that rests. */
const SLIP = 6;
const FINGER_SLIP = 10;
const EDGE = 72;
const SPEED = 16;

export interface Dragged {
  readonly id: string;
  /** The pointer, in the window. */
  readonly x: number;
  readonly y: number;
  /** The place among the others, from 0. */
  readonly place: number;
  /** Where it would be put, in the pool's lengths. */
  readonly mark: { readonly left: number; readonly top: number; readonly height: number };
  /** What it looks like. */
  readonly src: string | undefined;
}

/** The place among all but the dragged one at which a point lies, and where that is. */
export function placeAt(cells: readonly Cell[], id: string, x: number, y: number): Pick<Dragged, "place" | "mark"> {
  const rest = cells.filter((cell) => cell.image.id !== id);
  // The row in which the point lies, or the last one above it.
  const rowTop = rest.findLast((cell) => cell.top <= y)?.top ?? rest[0]?.top ?? 0;
  const row = rest.filter((cell) => Math.abs(cell.top - rowTop) < 1);
  const next = row.find((cell) => x < cell.left + cell.width / 2);
  const last = row.at(-1);
  const at = next ?? last;
  if (!at) return { place: 0, mark: { left: 0, top: 0, height: 0 } };
  const place = rest.indexOf(at) + (next ? 0 : 1);
  return { place, mark: { left: next ? at.left - 4 : at.left + at.width + 1, top: at.top, height: at.height } };
}

export function useDragOrder(pool: RefObject<HTMLElement | null>, layout: Layout, isOn: boolean, onDrop: (imageId: string, place: number) => void) {
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const pressed = useRef<{ readonly id: string; readonly x: number; readonly y: number; readonly pointer: number; timer?: ReturnType<typeof setTimeout> } | null>(null);
  const lifted = useRef<Dragged | null>(null);
  const wasDragged = useRef(false);

  const show = useCallback((next: Dragged | null) => {
    lifted.current = next;
    setDragged(next);
  }, []);
  const follow = useCallback(
    (id: string, x: number, y: number) => {
      const box = pool.current?.getBoundingClientRect();
      if (!box) return;
      const img = pool.current?.querySelector<HTMLImageElement>(`[data-cell="${CSS.escape(id)}"] img`);
      show({ id, x, y, src: lifted.current?.src ?? img?.currentSrc, ...placeAt(layout.cells, id, x - box.left, y - box.top) });
    },
    [layout, pool, show],
  );
  const end = useCallback(
    (isDropped: boolean) => {
      clearTimeout(pressed.current?.timer);
      pressed.current = null;
      const last = lifted.current;
      if (!last) return;
      wasDragged.current = true;
      show(null);
      if (isDropped) onDrop(last.id, last.place);
    },
    [onDrop, show],
  );

  const isDragging = dragged !== null;
  const latest = useRef({ follow, end });
  useEffect(() => {
    latest.current = { follow, end };
  });
  useEffect(() => {
    if (!isDragging) return undefined;
    let frame = 0;
    const scroll = () => {
      frame = requestAnimationFrame(scroll);
      const at = lifted.current;
      if (!at || !pool.current) return;
      const above = covered(pool.current, 0) + EDGE - at.y;
      const below = at.y - (innerHeight - EDGE);
      const by = above > 0 ? -Math.min(1, above / EDGE) : below > 0 ? Math.min(1, below / EDGE) : 0;
      if (by === 0) return;
      scrollBy({ top: by * SPEED, behavior: "instant" });
      latest.current.follow(at.id, at.x, at.y);
    };
    frame = requestAnimationFrame(scroll);
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      latest.current.end(false);
    };
    // Only a listener that may prevent it keeps the finger from scrolling.
    const still = (event: TouchEvent) => event.preventDefault();
    addEventListener("keydown", key, { capture: true });
    addEventListener("touchmove", still, { passive: false });
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("keydown", key, { capture: true });
      removeEventListener("touchmove", still);
    };
  }, [isDragging, pool]);
  useEffect(() => {
    if (!isOn) return undefined;
    const move = (event: globalThis.PointerEvent) => {
      const from = pressed.current;
      if (!from || event.pointerId !== from.pointer) return;
      const distance = Math.hypot(event.clientX - from.x, event.clientY - from.y);
      if (lifted.current) latest.current.follow(from.id, event.clientX, event.clientY);
      else if (event.pointerType === "mouse") {
        if (distance > SLIP) latest.current.follow(from.id, event.clientX, event.clientY);
      } else if (distance > FINGER_SLIP) latest.current.end(false);
    };
    const up = (event: globalThis.PointerEvent) => {
      if (event.pointerId === pressed.current?.pointer) latest.current.end(event.type === "pointerup");
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
    addEventListener("pointercancel", up);
    return () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
      removeEventListener("pointercancel", up);
    };
  }, [isOn]);

  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      wasDragged.current = false;
      const id = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-cell]")?.dataset.cell : undefined;
      if (!isOn || id === undefined || event.button !== 0 || !event.isPrimary) return;
      const { clientX: x, clientY: y, pointerId: pointer } = event;
      const timer = event.pointerType === "mouse" ? undefined : setTimeout(() => latest.current.follow(id, x, y), REST_MS);
      pressed.current = { id, x, y, pointer, ...(timer === undefined ? {} : { timer }) };
    },
    onDragStart: (event: { preventDefault: () => void }) => {
      if (isOn) event.preventDefault();
    },
    onContextMenu: (event: MouseEvent) => {
      if (lifted.current) event.preventDefault();
    },
    // What was dragged is not opened.
    onClickCapture: (event: MouseEvent) => {
      if (!wasDragged.current) return;
      wasDragged.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  return { dragged, handlers: isOn ? handlers : {} };
}
