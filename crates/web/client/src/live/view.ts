/** What a page sees of a visit that is open live. */
import type { SaveStatus } from "./status";
import type { By, Field, LiveEntry, Other } from "./wire";

/** Two people, or two devices, changed the same: both are kept until the person has chosen. */
export interface Clash {
  readonly field: Field;
  /** What is on this page. */
  readonly mine: string;
  /** What is stored. */
  readonly theirs: string;
  /** What both were made of. */
  readonly base: string;
  /** Who stored it, and when (RFC 3339); null when that is not known. */
  readonly by: By | null;
  readonly at: string | null;
}

/** Something was typed, and the visit was signed before it arrived: nobody can save it there any more, and it stays until the person decides. */
export interface Late {
  readonly field: Field;
  /** Of the notes the lines that were typed; of the others the value. */
  readonly text: string;
  /** It is stored elsewhere, or given up. */
  readonly drop: () => void;
}

export interface VisitView {
  /** `absent`: there is no such visit, or it is somebody else's. */
  readonly state: "loading" | "absent" | "ready";
  /** As it is stored, newest version that is known here; null while loading. */
  readonly entry: LiveEntry | null;
  /** As it is on this page, with what is not stored yet. An empty title is none. */
  readonly values: Readonly<Record<Field, string>>;
  readonly status: SaveStatus;
  readonly clash: Clash | null;
  readonly late: readonly Late[];
  /** How many fields are not stored yet. */
  readonly waiting: number;
  readonly others: readonly Other[];
}

/** What may be done with a visit that is open live. */
export interface VisitHandle {
  subscribe: (listener: () => void) => () => void;
  snapshot: () => VisitView;
  set: (field: Field, value: string) => void;
  /**
   * Lets the notes live in a text area, which is not controlled by React: typing, the caret, undo, composition and dictation are seen
   * to. `cleaned` is told when characters were left out that nobody sees.
   */
  bind: (element: HTMLTextAreaElement | null, cleaned?: () => void) => void;
  choose: (choice: Choice) => void;
  /** Tells the other devices where the cursor is; null: in none of the fields. */
  here: (field: Field | null) => void;
  /** Sends at once what was typed. */
  flush: () => void;
}

/** `{text}`: a text that the person made of both. */
export type Choice = "mine" | "theirs" | { readonly text: string };
