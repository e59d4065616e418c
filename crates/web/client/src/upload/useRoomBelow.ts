import { type RefObject, useLayoutEffect } from "react";

/** How much of the page's end is covered, and how much of that by one line: bars that stick to the end keep above a line only. */
const ROOM = "--room-below";
const LINE = "--line-below";

/** As one line, opened, or opened for a look over a bar: that moves nothing, so that what is pressed next stays where it is. */
export type Shape = "line" | "open" | "over";

/** Says how much of the page's end an element covers, so that the page can be scrolled free of it (base.css, Shell.module.css). */
export function useRoomBelow(panel: RefObject<HTMLElement | null>, shape: Shape): void {
  useLayoutEffect(() => {
    const element = panel.current;
    if (!element || shape === "over") return undefined;
    const { style } = document.documentElement;
    const measure = () => {
      const height = `${Math.ceil(element.getBoundingClientRect().height)}px`;
      style.setProperty(ROOM, height);
      style.setProperty(LINE, shape === "line" ? `calc(${height} + var(--space-2))` : "0px");
    };
    measure();
    const observer = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(measure);
    observer?.observe(element);
    return () => observer?.disconnect();
  }, [panel, shape]);

  useLayoutEffect(() => {
    // What else lies over the end of the page goes beside it, or above it (ui/toasts.module.css).
    const { dataset } = document.documentElement;
    dataset.uploads = "";
    return () => {
      delete dataset.uploads;
      for (const name of [ROOM, LINE]) document.documentElement.style.removeProperty(name);
    };
  }, []);
}
