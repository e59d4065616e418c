import { count } from "./count";

const of = (one: string, other: string) => ({
  bar: `Selected ${other}`,
  actions: `Actions for the selected ${other}`,
  chosen: (amount: number) => `${count(amount, { one, other })} selected`,
  tooMany: (most: number) => `Select at most ${most} ${other} for this.`,
});

/** What is selected in a list, and the bar with what can be done with it. */
export const selecting = {
  photos: of("photo", "photos"),
  patients: of("patient", "patients"),
  visits: of("visit", "visits"),
  chosenShort: (amount: number) => count(amount, { one: "selected", other: "selected" }),
  withHidden: (chosen: string, hidden: number) => `${chosen}, ${hidden} not shown`,
  all: "Select all",
  allShown: "Select all shown",
  none: "Select none",
  more: "More",
  actionsShort: "Actions",
  done: "Done",
  help: "Use the up and down arrow keys to move and the space bar to select. With the Shift key, arrow keys and clicks select a range. Escape ends selecting.",
} as const;
