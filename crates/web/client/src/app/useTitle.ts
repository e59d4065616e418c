import { useEffect } from "react";
import { t } from "../i18n";

/** The tab's title. Never a patient's name or ID: titles end up in the browser's history. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = t.common.titled(title);
  }, [title]);
}
