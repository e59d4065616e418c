/** Opening a photo is a step in the browser's history, and closing it is the step back (F11). */
import { useCallback } from "react";
import { useLocation } from "wouter";
import { useHistoryState } from "wouter/use-browser-location";

/** The state of a history entry that was made by opening a photo: where it was opened lies right behind it. */
export const OPENED_HERE = { openedHere: true } as const;

const isOpenedHere = (state: unknown): boolean => typeof state === "object" && state !== null && "openedHere" in state;

/** `below` is the address of what the viewer lies over; a photo has its own below it. */
export function useViewer(below: string): { move: (imageId: string) => void; close: () => void } {
  const [, go] = useLocation();
  const state: unknown = useHistoryState();
  const move = useCallback((imageId: string) => go(`${below}/${imageId}`, { replace: true, state }), [go, below, state]);
  const close = useCallback(() => {
    if (isOpenedHere(state)) history.back();
    // An address that was opened directly has nothing behind it.
    else go(below, { replace: true });
  }, [go, below, state]);
  return { move, close };
}
