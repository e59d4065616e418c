/** Leaves one element alone with the person: everything beside it is inert, shortcuts and Back do nothing (N6). */
import { useLayoutEffect } from "react";
import { dropAlone, pushAlone } from "../../../app/place";

/** Keys that move within a form. Everything else belongs to the page below, unless it is typed into a field. */
const PLAIN = new Set(["Tab", "Enter", " ", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"]);
/** What a page may listen for: files, and menus with commands of the browser. */
const SWALLOWED = ["paste", "drop", "dragover", "dragenter", "contextmenu"] as const;

const isField = (target: EventTarget | null): boolean => target instanceof HTMLInputElement && target.type !== "checkbox";

function onKey(event: KeyboardEvent): void {
  const isCommand = event.ctrlKey || event.metaKey || event.altKey;
  const isTyped = !isCommand && isField(event.target) && event.key !== "Escape";
  if (isTyped || (PLAIN.has(event.key) && !isCommand)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function swallow(event: Event): void {
  // A password may be pasted.
  if (event.type === "paste" && isField(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

export function useAlone(sheet: HTMLElement): void {
  useLayoutEffect(() => {
    const silenced = new Set<HTMLElement>();
    const silence = () => {
      for (const element of document.body.children) {
        if (element === sheet || element.contains(sheet) || !(element instanceof HTMLElement) || element.inert || element.dataset.reactAriaTopLayer) continue;
        element.inert = true;
        silenced.add(element);
      }
    };
    silence();
    // A dialog that opens meanwhile, such as the one before the session ends, is beneath too.
    const observer = new MutationObserver(silence);
    observer.observe(document.body, { childList: true });
    return () => {
      observer.disconnect();
      for (const element of silenced) element.inert = false;
    };
  }, [sheet]);

  useLayoutEffect(() => {
    // Back leads to the same address, and from there to it again, also where the page before would be another document.
    const stay = (event: PopStateEvent) => {
      event.stopImmediatePropagation();
      pushAlone();
    };
    pushAlone();
    addEventListener("popstate", stay, { capture: true });
    addEventListener("keydown", onKey, { capture: true });
    for (const kind of SWALLOWED) addEventListener(kind, swallow, { capture: true });
    return () => {
      removeEventListener("popstate", stay, { capture: true });
      removeEventListener("keydown", onKey, { capture: true });
      for (const kind of SWALLOWED) removeEventListener(kind, swallow, { capture: true });
      dropAlone();
    };
  }, []);
}
