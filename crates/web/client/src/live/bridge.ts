/**
 * What the first page knows of live sync, before its code is loaded: whose session it is, how many changes are not stored yet, and
 * whether the page can be closed without a loss.
 */
export interface LiveSession {
  readonly accountId: string;
  /** The account's part of the key of what is kept on this device; null where there is none. */
  readonly queueKey: string | null;
}

/** `held`: the session ended, or the device is in a patient's hands; what was typed stays. */
export type LiveState = { readonly kind: "in"; readonly session: LiveSession } | { readonly kind: "held" } | { readonly kind: "out"; readonly forGood: boolean };

let state: LiveState = { kind: "out", forGood: false };
let edits = 0;
let isSafe = true;
const stateListeners = new Set<(next: LiveState) => void>();
const keptListeners = new Set<() => void>();

export const liveState = (): LiveState => state;

export function setLiveState(next: LiveState): void {
  state = next;
  for (const listener of stateListeners) listener(next);
}

export function onLiveState(listener: (next: LiveState) => void): () => void {
  stateListeners.add(listener);
  return () => stateListeners.delete(listener);
}

let settling: () => Promise<void> = () => Promise.resolve();

/** Sends what was typed, and is done when it is stored or that takes too long. */
export const settleEdits = (): Promise<void> => settling();

export function onSettle(settle: () => Promise<void>): void {
  settling = settle;
}

export const keptEdits = (): number => edits;

export function subscribeToKept(listener: () => void): () => void {
  keptListeners.add(listener);
  return () => keptListeners.delete(listener);
}

/** `allKept`: whatever is not stored by the server yet is at least sealed on this device. */
export function setKept(count: number, allKept: boolean): void {
  isSafe = allKept;
  if (count === edits) return;
  edits = count;
  for (const listener of keptListeners) listener();
}

if (typeof window !== "undefined") {
  addEventListener("beforeunload", (event) => {
    if (!isSafe) event.preventDefault();
  });
}
