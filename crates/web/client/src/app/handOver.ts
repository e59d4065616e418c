/**
 * N6: this device is in a patient's hands. The server knows it and refuses everything but the consent. A mark in the browser (nothing
 * about anybody) tells the other tabs at once.
 */
import { useSyncExternalStore } from "react";
import { onHandedOver } from "../api/contact";
import { putAway } from "./sealed";

const KEY = "cutis.hand-over";
const listeners = new Set<() => void>();

function isMarked(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

function mark(on: boolean): void {
  try {
    if (on) localStorage.setItem(KEY, "1");
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage the other tabs hear of it from the server.
  }
}

interface State {
  readonly isHandedOver: boolean;
  /** The form is shown by this page; another page shows nothing but the way back. */
  readonly isHere: boolean;
}

let state: State = { isHandedOver: isMarked(), isHere: false };

function set(next: State): void {
  if (next.isHandedOver === state.isHandedOver && next.isHere === state.isHere) return;
  // Nobody but the clinician reads what was searched for and opened before.
  if (next.isHandedOver && !state.isHandedOver) putAway();
  state = next;
  for (const listener of listeners) listener();
}

export function handOver(): void {
  mark(true);
  set({ isHandedOver: true, isHere: true });
}

/** The form has left this page, by whatever way: only the password leads on. */
export function formGone(): void {
  set({ ...state, isHere: false });
}

/** Back in the hands of whoever is signed in. */
export function takeBack(): void {
  mark(false);
  set({ isHandedOver: false, isHere: false });
}

/** What the server says of this session, which is the truth. */
export function heardOf(isHandedOver: boolean): void {
  if (!isHandedOver) {
    takeBack();
    return;
  }
  mark(true);
  if (!state.isHandedOver) set({ isHandedOver: true, isHere: false });
}

const releases = new Set<() => void>();

/** The mark has gone, by another tab or by hand: whether the device is back is to be asked of the server. */
export function onMarkGone(listener: () => void): () => void {
  releases.add(listener);
  return () => releases.delete(listener);
}

onHandedOver(() => heardOf(true));

if (typeof window !== "undefined") {
  addEventListener("storage", (event) => {
    if (event.key !== KEY && event.key !== null) return;
    if (isMarked()) set({ ...state, isHandedOver: true });
    else if (state.isHandedOver) for (const listener of releases) listener();
  });
}

export const useHandOver = (): State =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
