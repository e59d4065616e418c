/** The patient that was opened last, for the card in the sidebar. In memory only. */
import { useSyncExternalStore } from "react";
import { onForgotten } from "../api/contact";

let active: string | null = null;
const listeners = new Set<() => void>();

export function setActivePatient(id: string | null): void {
  if (active === id) return;
  active = id;
  for (const listener of listeners) listener();
}

onForgotten(() => setActivePatient(null));

export const useActivePatientId = (): string | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => active,
  );
