import { useSyncExternalStore } from "react";

/** From here on the sidebar has its full width (Shell.module.css), and a panel in a corner leaves the page's controls free. */
const WIDE = "(width >= 67.5rem)";

const query = (): MediaQueryList | null => (typeof matchMedia === "undefined" ? null : matchMedia(WIDE));

const subscribe = (listener: () => void) => {
  const list = query();
  list?.addEventListener("change", listener);
  return () => list?.removeEventListener("change", listener);
};

/** Whether the page is wide. */
export const useWide = (): boolean => useSyncExternalStore(subscribe, () => query()?.matches ?? true);
