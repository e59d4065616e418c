import { count } from "./count";

/** Editing a patient's details. */
export const details = {
  title: "Edit details",
  saved: "The details were saved.",
  nothingChanged: "There were no changes to save.",
  changed: (amount: number) => count(amount, { one: "unsaved change", other: "unsaved changes" }),
  discard: "Discard changes",
  unsaved: "Not saved.",
  before: (value: string) => `On record: ${value}`,
  undo: "Undo",
  stale: {
    title: "This record changed while you were editing",
    text: "Choose which value to keep for each field.",
    rest: "Your other changes are saved.",
    yours: "Yours",
    theirs: "Now on record",
    both: "Keep both",
    by: (name: string, when: string) => `Changed by ${name}, ${when}`,
    save: "Save my choices",
  },
} as const;
