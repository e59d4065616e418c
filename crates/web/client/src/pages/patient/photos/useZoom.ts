/** Pointers, wheel and keys on a stage, turned into a view. Touch: pinch, drag, double tap, swipe. */
import { type PointerEvent as ReactPointerEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type Extent, FIT, fitted, maxScale, panBy, type Point, settle, type View, zoomAt } from "./zoom";

const SWIPE = 56;
const TAP_MOVE = 12;
const DOUBLE_TAP_MS = 320;
const DOUBLE_TAP_ZOOM = 2.5;
const STEP = 1.5;
const NONE: Extent = { width: 0, height: 0 };

interface Gesture {
  pointers: Map<number, Point>;
  start: Point;
  moved: number;
  /** Two fingers were down: what follows is no swipe. */
  pinched: boolean;
  lastTap: { at: number; point: Point } | null;
}

/** What a hand does on the stage that is no zoom. */
export interface Gestures {
  readonly onSwipe: (by: 1 | -1) => void;
  /** One tap, once it is certain that it is not the first of two. */
  readonly onTap: () => void;
}

export function useZoom(stage: RefObject<HTMLElement | null>, image: Extent, { onSwipe, onTap }: Gestures) {
  const [asked, setAsked] = useState<View>(FIT);
  const [size, setSize] = useState<Extent>(NONE);
  const [isDragging, setDragging] = useState(false);
  const ratio = typeof devicePixelRatio === "number" ? devicePixelRatio : 1;
  const { width, height } = image;
  // The next photo of the same size is shown at the same place, so that the two can be compared; another one fits.
  const [extent, setExtent] = useState<Extent>({ width, height });
  if (extent.width !== width || extent.height !== height) {
    setExtent({ width, height });
    setAsked(FIT);
  }
  const single = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(single.current), []);
  const fit = useMemo(() => fitted({ width, height }, size), [width, height, size]);
  const max = maxScale(image, fit, ratio);
  // A stage that was resized (an iPad turned) may not hold what was asked for.
  const view = useMemo(() => settle(asked, fit, size, max), [asked, fit, size, max]);
  const gesture = useRef<Gesture>({ pointers: new Map(), start: { x: 0, y: 0 }, moved: 0, pinched: false, lastTap: null });

  const update = useCallback(
    (next: (view: View) => View) => setAsked((old) => settle(next(settle(old, fit, size, max)), fit, size, max)),
    [fit, size, max],
  );

  useLayoutEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    if (typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [stage]);

  const fromMiddle = useCallback(
    (x: number, y: number): Point => {
      const box = stage.current?.getBoundingClientRect();
      return box ? { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 } : { x: 0, y: 0 };
    },
    [stage],
  );

  useEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const factor = Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0018));
      const point = fromMiddle(event.clientX, event.clientY);
      update((old) => zoomAt(old, factor, point, max));
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [stage, fromMiddle, update, max]);

  const onPointerDown = (event: ReactPointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    const g = gesture.current;
    event.currentTarget.setPointerCapture(event.pointerId);
    g.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (g.pointers.size === 1) {
      g.start = { x: event.clientX, y: event.clientY };
      g.moved = 0;
      g.pinched = false;
      setDragging(true);
    } else g.pinched = true;
  };

  const onPointerMove = (event: ReactPointerEvent<HTMLElement>) => {
    const g = gesture.current;
    const before = g.pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...g.pointers].find(([id]) => id !== event.pointerId)?.[1];
    g.pointers.set(event.pointerId, now);
    g.moved = Math.max(g.moved, Math.hypot(now.x - g.start.x, now.y - g.start.y));
    if (other) {
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      const is = Math.hypot(now.x - other.x, now.y - other.y);
      const middle = fromMiddle((now.x + other.x) / 2, (now.y + other.y) / 2);
      const dx = (now.x - before.x) / 2;
      const dy = (now.y - before.y) / 2;
      if (was > 0) update((old) => panBy(zoomAt(old, is / was, middle, max), dx, dy));
    } else if (view.scale > 1) {
      update((old) => panBy(old, now.x - before.x, now.y - before.y));
    }
  };

  const onPointerEnd = (event: ReactPointerEvent<HTMLElement>) => {
    const g = gesture.current;
    if (!g.pointers.delete(event.pointerId)) return;
    if (g.pointers.size > 0) return;
    setDragging(false);
    const end = { x: event.clientX, y: event.clientY };
    const dx = end.x - g.start.x;
    const dy = end.y - g.start.y;
    if (event.type === "pointercancel" || g.pinched) return;
    if (g.moved < TAP_MOVE) tap(end, event.timeStamp);
    else if (view.scale <= 1 && Math.abs(dx) > SWIPE && Math.abs(dx) > 1.4 * Math.abs(dy)) onSwipe(dx < 0 ? 1 : -1);
  };

  const tap = (at: Point, time: number) => {
    const g = gesture.current;
    const last = g.lastTap;
    const isDouble = last !== null && time - last.at < DOUBLE_TAP_MS && Math.hypot(at.x - last.point.x, at.y - last.point.y) < 30;
    g.lastTap = isDouble ? null : { at: time, point: at };
    clearTimeout(single.current);
    if (!isDouble) {
      single.current = setTimeout(onTap, DOUBLE_TAP_MS);
      return;
    }
    const point = fromMiddle(at.x, at.y);
    update((old) => (old.scale > 1 ? FIT : zoomAt(old, Math.min(DOUBLE_TAP_ZOOM, max), point, max)));
  };

  const zoomBy = useCallback((factor: number) => update((old) => zoomAt(old, factor, { x: 0, y: 0 }, max)), [update, max]);
  return {
    view,
    fit,
    max,
    ratio,
    isDragging,
    zoomIn: useCallback(() => zoomBy(STEP), [zoomBy]),
    zoomOut: useCallback(() => zoomBy(1 / STEP), [zoomBy]),
    reset: useCallback(() => update(() => FIT), [update]),
    pan: useCallback((dx: number, dy: number) => update((old) => panBy(old, dx, dy)), [update]),
    handlers: { onPointerDown, onPointerMove, onPointerUp: onPointerEnd, onPointerCancel: onPointerEnd },
  };
}
