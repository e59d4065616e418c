/** Rows of a list that are toggles while things are selected, and the arrow keys along them. */
import type { KeyboardEvent, MouseEvent } from "react";
import type { Pick } from "./useSelection";

/** The id of what says how rows are selected; it comes with the bar. */
export const HELP = "select-help";

/** What makes a row a checkbox of which all is the target; nothing where `isPicked` is null, as nothing is being selected. */
export function asToggle(id: string, isPicked: boolean | null, onPick: Pick) {
  if (isPicked === null) return {};
  return {
    role: "checkbox",
    "aria-checked": isPicked,
    "aria-describedby": HELP,
    // Before the row's own, which may be a link.
    onClickCapture: (event: MouseEvent) => {
      event.preventDefault();
      event.stopPropagation();
      onPick(id, event.shiftKey ? "range" : "toggle");
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== " ") return;
      event.preventDefault();
      onPick(id, "toggle");
    },
  };
}

/** The rows of a list, which carry their ids as `data-row`. */
export const rowsIn = (list: ParentNode): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[data-row]")];

const idOf = (row: HTMLElement): string => row.dataset.row ?? "";

/** Up and down from row to row, and up from the first to `above`. With Shift, what is passed is selected; `pick` is null where nothing can be. */
export function alongRows(event: KeyboardEvent<HTMLElement>, pick: Pick | null, above: HTMLElement | null = null): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = rowsIn(event.currentTarget);
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const from = rows[at];
  if (!from) return;
  const isRange = event.shiftKey && pick !== null;
  const next = at + step < 0 ? (isRange ? null : above) : rows[at + step];
  if (!next) return;
  event.preventDefault();
  if (isRange) {
    pick(idOf(from), "add");
    pick(idOf(next), "range");
  }
  next.focus();
}
