/** The time of day as state: what depends on it renders again every half minute. */
import { useSyncExternalStore } from "react";
import { dayKey } from "../i18n/format";
import { useZone } from "./session";

const STEP = 30_000;
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now();
    timer = setInterval(tick, STEP);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** Milliseconds since the epoch, at most half a minute old. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

/** Today in the practice's time zone, YYYY-MM-DD. */
export function useToday(): string {
  const zone = useZone();
  return dayKey(new Date(useNow()).toISOString(), zone);
}
