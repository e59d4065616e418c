/** A bar at the end of the page, such as that of the selected photos, needs it free: while it is there, the list of uploads is one line. */
import { useLayoutEffect, useSyncExternalStore } from "react";

let bars = 0;
const listeners = new Set<() => void>();

function count(change: 1 | -1): void {
  bars += change;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Keeps the end of the page free for as long as the component is there. */
export function useMakeRoom(): void {
  useLayoutEffect(() => {
    count(1);
    return () => count(-1);
  }, []);
}

/** Whether there is such a bar. */
export const useIsBarBelow = (): boolean => useSyncExternalStore(subscribe, () => bars > 0);
