import { useEffect, useRef } from "react";

/** How long a page may take until its heading is there, in milliseconds. */
const PATIENCE = 8000;

/** The page, without the part of it that is shown: `/patients/7` for every tab of that record. */
const pageOf = (path: string): string => path.split("/").slice(0, 3).join("/");

/** F11: after a route change the focus goes to the page's heading, so that it is read out and Tab continues from there. */
export function usePageFocus(path: string): void {
  const page = pageOf(path);
  const former = useRef(page);
  useEffect(() => {
    if (former.current === page) return undefined;
    former.current = page;
    const content = document.getElementById("content");
    const before = document.activeElement;
    const look = (): boolean => {
      const heading = content?.querySelector<HTMLElement>("h1");
      if (!heading) return false;
      // A person who has gone on in the meantime, or a dialog that opened, keeps the focus.
      const isFree = document.activeElement === before || document.activeElement === document.body;
      if (isFree && !document.querySelector('[role="dialog"], [role="alertdialog"]')) {
        heading.tabIndex = -1;
        heading.focus({ preventScroll: true });
      }
      return true;
    };
    if (look() || !content) return undefined;
    const observer = new MutationObserver(() => {
      if (look()) observer.disconnect();
    });
    observer.observe(content, { childList: true, subtree: true });
    const timer = setTimeout(() => observer.disconnect(), PATIENCE);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [page]);
}
