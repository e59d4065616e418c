/**
 * F13: what is left to do after the set-up. Kept on the device on which the practice was set up, as which steps are ticked
 * and nothing else (C40); it is about the installation, not about anyone.
 */
import { useSyncExternalStore } from "react";

export const FIRST_DAY_STEPS = ["key", "device", "colleagues", "backups"] as const;
export type FirstDayStep = (typeof FIRST_DAY_STEPS)[number];

const KEY = "cutis.first-day";
/** What is kept once the list is put away; the ticks stay, for when it is asked for again. */
const AWAY = "away";

interface FirstDay {
  readonly isShown: boolean;
  readonly done: readonly FirstDayStep[];
}

const listeners = new Set<() => void>();

function read(): FirstDay {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // Without storage the list is not offered again after the page is closed.
  }
  const words = kept?.split(" ") ?? [AWAY];
  return { isShown: !words.includes(AWAY), done: FIRST_DAY_STEPS.filter((step) => words.includes(step)) };
}

let state = read();

function change(next: FirstDay): void {
  state = next;
  try {
    localStorage.setItem(KEY, ["first", ...(next.isShown ? [] : [AWAY]), ...next.done].join(" "));
  } catch {
    // As above.
  }
  for (const listener of listeners) listener();
}

export const showFirstDay = (): void => change({ ...state, isShown: true });
export const hideFirstDay = (): void => change({ ...state, isShown: false });
export function tickFirstDay(step: FirstDayStep, on: boolean): void {
  change({ ...state, done: FIRST_DAY_STEPS.filter((it) => (it === step ? on : state.done.includes(it))) });
}

/** For tests: as a page that is loaded anew. */
export function reloadFirstDay(): void {
  state = read();
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
export const useFirstDay = (): FirstDay => useSyncExternalStore(subscribe, () => state);
