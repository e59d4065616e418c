import { useEffect, useRef } from "react";
import { cameBack } from "./place";

/** How long a page may take until its heading is there, and the link that was followed, in milliseconds. */
const PATIENCE = 8000;

/** The page, without the part of it that is shown: `/patients/7` for every tab of that record. A visit is a page of its own. */
const pageOf = (path: string): string => {
  const parts = path.split("/");
  return parts.slice(0, parts[1] === "patients" && parts[3] === "visits" && parts[4] ? 5 : 3).join("/");
};

/**
 * F11: after a route change the focus goes to the page's heading, so that it is read out and Tab continues from there. Back leads
 * to the entry of a list (`data-entry`) that was opened, as soon as it is there.
 */
export function usePageFocus(path: string): void {
  const page = pageOf(path);
  const former = useRef(page);
  useEffect(() => {
    if (former.current === page) return undefined;
    const opened = cameBack() ? former.current : null;
    former.current = page;
    const content = document.getElementById("content");
    let before = document.activeElement;
    const focus = (element: HTMLElement) => {
      // A person who has gone on in the meantime, or a dialog that opened, keeps the focus.
      const isFree = document.activeElement === before || document.activeElement === document.body;
      if (!isFree || document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      element.focus({ preventScroll: true });
      before = element;
    };
    let hasHeading = false;
    /** Whether there is nothing more to look for. */
    const look = (): boolean => {
      const entry = opened === null ? null : content?.querySelector<HTMLElement>(`[data-entry][href="${opened}"]`);
      const heading = content?.querySelector<HTMLElement>("h1");
      if (entry) focus(entry);
      else if (heading && !hasHeading) {
        heading.tabIndex = -1;
        focus(heading);
        hasHeading = true;
      }
      return Boolean(entry) || (hasHeading && opened === null);
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
