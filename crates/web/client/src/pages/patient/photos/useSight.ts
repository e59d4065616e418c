/** Which part of a long element the window shows, and how wide it is: what a list needs that draws only what is in sight. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** The part is told in steps of this height, so that not every pixel of scrolling draws again. */
const STEP = 160;
/** What is drawn above and below the window, as a part of its height. */
const AROUND = 0.5;
/** Windows a second beyond which photos are passed, not looked at. */
const FAST = 6;
const RESTED_MS = 120;
/** Before anything was measured. */
const UNKNOWN_WIDTH = 900;

export interface Part {
  readonly from: number;
  readonly to: number;
}

export interface Sight extends Part {
  readonly width: number;
  /** The size of one `rem`: lengths beside text grow with it. */
  readonly rem: number;
  readonly isFast: boolean;
}

export function useSight(element: RefObject<HTMLElement | null>): Sight {
  const [size, setSize] = useState({ width: UNKNOWN_WIDTH, rem: 16 });
  const [part, setPart] = useState<Part>({ from: 0, to: 2400 });
  const [isFast, setFast] = useState(false);
  const last = useRef({ at: 0, y: 0 });

  const look = useCallback(() => {
    const box = element.current?.getBoundingClientRect();
    if (!box) return;
    const from = Math.floor((-box.top - innerHeight * AROUND) / STEP) * STEP;
    const to = Math.ceil((-box.top + innerHeight * (1 + AROUND)) / STEP) * STEP;
    setPart((old) => (old.from === from && old.to === to ? old : { from, to }));
  }, [element]);

  useLayoutEffect(() => {
    const it = element.current;
    if (!it) return undefined;
    const measure = () => {
      const width = it.clientWidth || UNKNOWN_WIDTH;
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
      setSize((old) => (old.width === width && old.rem === rem ? old : { width, rem }));
      look();
    };
    measure();
    if (typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(it);
    // The text size of the system or the page: one rem, measured as an element.
    const probe = document.createElement("div");
    probe.style.cssText = "position:absolute;visibility:hidden;inline-size:1rem;block-size:1px";
    document.body.append(probe);
    observer.observe(probe);
    return () => {
      observer.disconnect();
      probe.remove();
    };
  }, [element, look]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let frame = 0;
    const scrolled = () => {
      const now = performance.now();
      const speed = Math.abs(scrollY - last.current.y) / innerHeight / Math.max(0.001, (now - last.current.at) / 1000);
      // A single jump, as by the end of a scrollbar's drag, is where somebody wants to be.
      setFast(speed > FAST && now - last.current.at < RESTED_MS);
      last.current = { at: now, y: scrollY };
      clearTimeout(timer);
      timer = setTimeout(() => setFast(false), RESTED_MS);
      if (!frame) {
        frame = requestAnimationFrame(() => {
          frame = 0;
          look();
        });
      }
    };
    addEventListener("scroll", scrolled, { passive: true });
    addEventListener("resize", look);
    return () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      removeEventListener("scroll", scrolled);
      removeEventListener("resize", look);
    };
  }, [look]);

  return { ...size, ...part, isFast };
}
