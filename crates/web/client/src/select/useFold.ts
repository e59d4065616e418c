/** How many of the bar's actions have no room beside the others, and so move into its menu. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";

/** `row` goes to what holds them; at most `most` of them may move away. `written` is whatever else changes their widths. */
export function useFold(most: number, written: string) {
  const row = useRef<HTMLDivElement>(null);
  // A new object each time, so that where nothing had moved away there is a look at the new width, too.
  const [fold, setFold] = useState({ folded: 0 });
  const room = useRef("");

  // Before anything is drawn: one after the other, until the rest fits. What is wider later, such as a longer count, folds more.
  useLayoutEffect(() => {
    const it = row.current;
    if (it && fold.folded < most && it.scrollWidth > it.clientWidth + 1) setFold({ folded: fold.folded + 1 });
  }, [most, fold, written]);

  useEffect(() => {
    const bar = row.current?.parentElement;
    if (!bar || typeof ResizeObserver === "undefined") return undefined;
    // Only another width or size of the text makes room or takes it: folding itself changes the height of the bar.
    const look = () => {
      const now = `${bar.clientWidth} ${getComputedStyle(document.documentElement).fontSize}`;
      if (room.current !== "" && now !== room.current) setFold({ folded: 0 });
      room.current = now;
    };
    const observer = new ResizeObserver(look);
    observer.observe(bar);
    return () => observer.disconnect();
  }, []);
  return { row, folded: fold.folded };
}
