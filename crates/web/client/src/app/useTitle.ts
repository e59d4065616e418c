import { useEffect } from "react";
import { t } from "../i18n";

/** The titles that are wanted now, the topmost last: a sheet over a page has its own, and gives way to the page's. */
const wanted: { readonly title: string }[] = [];

function show(): void {
  const top = wanted.at(-1);
  if (top) document.title = t.common.titled(top.title);
}

/** The tab's title. It names the page, never a patient or an ID: titles end up in the browser's history (F7). */
export function useTitle(title: string): void {
  useEffect(() => {
    const mine = { title };
    wanted.push(mine);
    show();
    return () => {
      wanted.splice(wanted.indexOf(mine), 1);
      show();
    };
  }, [title]);
}
