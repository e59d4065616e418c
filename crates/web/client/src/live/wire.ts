/** The messages of live sync, version 1, as docs/LIVE.md describes them. */

export const VERSION = 1;

export type Field = "title" | "appointmentAt" | "notes";
export const FIELDS: readonly Field[] = ["title", "appointmentAt", "notes"];

/** At `at`, in UTF-16 code units, `remove` units make way for `insert`. */
export interface Splice {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

export interface SetChange {
  readonly set: string | null;
}
export interface SpliceChange {
  readonly splices: readonly Splice[];
  readonly baseHash: string;
  readonly hash: string;
}
export type Change = SetChange | SpliceChange;

export interface By {
  readonly username: string;
  readonly name: string;
}

/** An edit as it is sent; sent again it is the same to the letter, but for `again`: nobody typed it now, so it is no use of the session. */
export interface EditMessage {
  readonly kind: "edit";
  readonly seq: number;
  readonly patient: string;
  readonly entry: string;
  readonly field: Field;
  readonly base: number;
  readonly change: Change;
  readonly again?: true;
}

export type ClientMessage =
  | { readonly kind: "hello"; readonly version: number; readonly client: string; readonly since: string | null }
  | { readonly kind: "watch"; readonly ref: number; readonly patient: string }
  | { readonly kind: "unwatch"; readonly patient: string }
  | { readonly kind: "open"; readonly ref: number; readonly patient: string; readonly entry: string; readonly again?: true }
  | { readonly kind: "leave"; readonly entry: string }
  | EditMessage
  | { readonly kind: "presence"; readonly entry: string; readonly field: Field | null }
  | { readonly kind: "ping"; readonly n: number };

export interface LiveEntry {
  readonly id: string;
  readonly appointmentAt: string;
  readonly title: string | null;
  readonly notes: string;
  readonly notesHash: string;
  readonly versions: Readonly<Record<Field, number>>;
  readonly signedAt: string | null;
}

export type What = "details" | "images" | "entries" | "entry" | "signed" | "workspace" | "comparisons" | "tags" | "consents";

export interface Other {
  readonly connection: string;
  readonly device: string;
  readonly field: Field | null;
}

export interface Welcome {
  readonly kind: "welcome";
  readonly version: number;
  readonly connection: string;
  readonly now: string;
  readonly since: string;
}
export interface Opened {
  readonly kind: "opened";
  readonly ref: number;
  readonly patient: string;
  readonly entry: LiveEntry;
}
export interface Ack {
  readonly kind: "ack";
  readonly seq: number;
  readonly entry: string;
  readonly field: Field;
  readonly version: number;
  /** Null for what is set as a whole. */
  readonly hash: string | null;
  readonly at: string;
  readonly merged?: readonly Splice[] | null;
}
export interface ClashMessage {
  readonly kind: "clash";
  readonly seq: number;
  readonly entry: string;
  readonly field: Field;
  readonly version: number;
  readonly theirs: string | null;
  readonly hash: string | null;
  readonly by: By;
  readonly at: string;
}
export interface Refused {
  readonly kind: "refused";
  readonly seq?: number | null;
  readonly ref?: number | null;
  readonly code: string;
  readonly detail: string;
  readonly field?: string | null;
}
export interface TextMessage {
  readonly kind: "text";
  readonly patient: string;
  readonly entry: string;
  readonly field: Field;
  readonly base: number;
  readonly version: number;
  readonly hash: string | null;
  readonly change: SetChange | { readonly splices: readonly Splice[] };
  readonly by: By | null;
  readonly at: string;
  readonly since: string;
}
export interface Changed {
  readonly kind: "changed";
  /** Null: of everybody, as a tag that was renamed. */
  readonly patient: string | null;
  readonly entry: string | null;
  readonly what: What;
  readonly since: string;
}
export type ByeCode = "session_ended" | "handed_over" | "version" | "no_hello" | "too_many" | "too_large" | "not_text" | "slow" | "stopping";

export type ServerMessage =
  | Welcome
  | { readonly kind: "resync"; readonly since: string }
  | { readonly kind: "watching"; readonly ref: number; readonly patient: string }
  | Opened
  | Ack
  | ClashMessage
  | Refused
  | TextMessage
  | Changed
  | { readonly kind: "presence"; readonly entry: string; readonly others: readonly Other[] }
  | { readonly kind: "pong"; readonly n: number }
  | { readonly kind: "bye"; readonly code: ByeCode; readonly detail: string };
