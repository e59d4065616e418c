import { useEffect, useRef } from "react";
import { useLocation } from "wouter";

export const SEARCH_ID = "patient-search";

/** Whether what has the focus takes characters itself. */
export const isTyping = (element: Element | null): boolean => element?.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") ?? false;

/** F11: `/` and Ctrl-K (⌘K) lead to the search from every page. */
export function useSearchKeys(): void {
  const [, go] = useLocation();
  const isWanted = useRef(false);
  useEffect(() => {
    const focus = (): boolean => {
      const field = document.getElementById(SEARCH_ID) as HTMLInputElement | null;
      field?.focus();
      // What is in it is replaced by typing.
      field?.select();
      return field !== null;
    };
    const key = (event: KeyboardEvent) => {
      const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(document.activeElement);
      const isK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if ((!isSlash && !isK) || document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      event.preventDefault();
      if (focus()) return;
      isWanted.current = true;
      go("/patients");
    };
    document.addEventListener("keydown", key);
    const observer = new MutationObserver(() => {
      if (isWanted.current && focus()) isWanted.current = false;
    });
    observer.observe(document.getElementById("content") ?? document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("keydown", key);
      observer.disconnect();
    };
  }, [go]);
}
