/** The stage's size, and what hands, wheel and keys do on it. Listeners of the page itself: React has no part in a movement. */
import { type RefObject, useEffect, useLayoutEffect, useState } from "react";
import type { Drawing } from "./drawing";
import { down, isTap, keyed, move, NO_HAND, up, wheel } from "./gesture";
import { around, IDENTITY, type Matrix, type Point, scaled } from "./matrix";
import type { Extent } from "./view";

export function useSize(element: RefObject<HTMLElement | null>): Extent {
  const [size, setSize] = useState<Extent>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const it = element.current;
    if (!it) return undefined;
    const look = () => setSize({ width: it.clientWidth, height: it.clientHeight });
    look();
    if (typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(it);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** Where a pointer is: over which photo, and in its frame, from the middle. */
export interface Spot {
  readonly id: string;
  readonly point: Point;
  readonly target: Element;
}

/** What a single pointer does instead of moving the photos, while a tool is chosen. */
export interface Tool {
  /** False where it has nothing to do there, so that the photo is moved. */
  readonly down: (spot: Spot) => boolean;
  readonly move: (spot: Spot) => void;
  readonly up: (spot: Spot) => void;
  readonly cancel: () => void;
}

export interface Hands {
  readonly isLinked: boolean;
  readonly tool: Tool | null;
  readonly onTap: () => void;
  readonly onTouch: (id: string) => void;
}

const DOUBLE_TAP_MS = 320;
const DOUBLE_TAP_ZOOM = 2.5;

export function useHands(stage: RefObject<HTMLElement | null>, drawing: Drawing, latest: RefObject<Hands>): void {
  useEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    drawing.on(element);
    let hand = NO_HAND;
    let id = "";
    let middle: Point = { x: 0, y: 0 };
    let isDrawing = false;
    let single: ReturnType<typeof setTimeout> | undefined;
    let lastTap: { readonly at: number; readonly x: number; readonly y: number } | null = null;

    const paneAt = (event: MouseEvent): HTMLElement | null => {
      const target = event.target instanceof Element ? event.target : null;
      if (!target || target.closest("button, input, [data-own]")) return null;
      return target.closest<HTMLElement>("[data-pane]") ?? element.querySelector<HTMLElement>("[data-pane]:not([hidden])");
    };
    const middleOf = (pane: HTMLElement): Point => {
      const box = pane.getBoundingClientRect();
      return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    };
    const pointOf = (event: MouseEvent): Point => ({ x: event.clientX - middle.x, y: event.clientY - middle.y });
    const spotOf = (event: MouseEvent): Spot => ({ id, point: pointOf(event), target: event.target as Element });
    const change = (by: Matrix) => drawing.change(by, latest.current.isLinked ? null : id);

    const onDown = (event: PointerEvent) => {
      if (event.button !== 0) return;
      if (hand.pointers.size === 0) {
        const pane = paneAt(event);
        if (!pane) return;
        id = pane.dataset.pane ?? "";
        middle = middleOf(pane);
        drawing.touched(id);
        latest.current.onTouch(id);
      }
      hand = down(hand, event.pointerId, pointOf(event));
      element.setPointerCapture(event.pointerId);
      if (hand.pointers.size > 1 && isDrawing) {
        latest.current.tool?.cancel();
        isDrawing = false;
      } else if (hand.pointers.size === 1) isDrawing = latest.current.tool?.down(spotOf(event)) ?? false;
    };
    const onMove = (event: PointerEvent) => {
      if (!hand.pointers.has(event.pointerId)) return;
      const done = move(hand, event.pointerId, pointOf(event));
      hand = done.hand;
      if (isDrawing) latest.current.tool?.move(spotOf(event));
      else if (done.change !== IDENTITY) change(done.change);
    };
    const onUp = (event: PointerEvent) => {
      if (!hand.pointers.has(event.pointerId)) return;
      hand = up(hand, event.pointerId);
      if (hand.pointers.size > 0) return;
      if (isDrawing) {
        isDrawing = false;
        if (event.type === "pointercancel") latest.current.tool?.cancel();
        else latest.current.tool?.up(spotOf(event));
      } else if (event.type !== "pointercancel" && isTap(hand)) tap(event);
    };
    const tap = (event: PointerEvent) => {
      const isDouble = lastTap !== null && event.timeStamp - lastTap.at < DOUBLE_TAP_MS && Math.hypot(event.clientX - lastTap.x, event.clientY - lastTap.y) < 30;
      lastTap = isDouble ? null : { at: event.timeStamp, x: event.clientX, y: event.clientY };
      clearTimeout(single);
      if (isDouble && !latest.current.isLinked) change(around(pointOf(event), scaled(DOUBLE_TAP_ZOOM)));
      else if (isDouble) {
        if (drawing.zoom > 1.001) drawing.fit(null);
        else change(around(pointOf(event), scaled(DOUBLE_TAP_ZOOM)));
      } else single = setTimeout(() => latest.current.onTap(), DOUBLE_TAP_MS);
    };
    const onWheel = (event: WheelEvent) => {
      const pane = paneAt(event);
      if (!pane) return;
      event.preventDefault();
      if (hand.pointers.size === 0) {
        id = pane.dataset.pane ?? "";
        middle = middleOf(pane);
        drawing.touched(id);
      }
      // Shift makes some systems scroll sideways.
      const pixels = (event.deltaY || event.deltaX) * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
      change(wheel(pointOf(event), pixels, event.ctrlKey, event.altKey));
    };
    element.addEventListener("pointerdown", onDown);
    element.addEventListener("pointermove", onMove);
    element.addEventListener("pointerup", onUp);
    element.addEventListener("pointercancel", onUp);
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      drawing.on(null);
      clearTimeout(single);
      element.removeEventListener("pointerdown", onDown);
      element.removeEventListener("pointermove", onMove);
      element.removeEventListener("pointerup", onUp);
      element.removeEventListener("pointercancel", onUp);
      element.removeEventListener("wheel", onWheel);
    };
  }, [stage, drawing, latest]);
}

/** What keys do beyond moving the photos. */
export interface Keys {
  /** Whether it did something; if not, the key moves the photos. */
  readonly onKey: (key: string, event: KeyboardEvent) => boolean;
  readonly onMatrix: (by: Matrix | "fit") => void;
}

/** Keys work wherever the focus is in the page that compares, but in no field and no dialog over it. */
export function useKeys(stage: RefObject<HTMLElement | null>, latest: RefObject<Keys>): void {
  useEffect(() => {
    const onDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof Element ? event.target : null;
      const dialog = target?.closest("[role=dialog], [role=alertdialog]");
      if (target?.closest("input, textarea, select, [data-own-keys]") || (dialog && dialog !== stage.current?.closest("[role=dialog]"))) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (!latest.current.onKey(key, event)) {
        const by = keyed(key, event.shiftKey && key.startsWith("Arrow"));
        if (by === null) return;
        latest.current.onMatrix(by);
      }
      event.preventDefault();
    };
    document.addEventListener("keydown", onDown);
    return () => document.removeEventListener("keydown", onDown);
  }, [stage, latest]);
}
