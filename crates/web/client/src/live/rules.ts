/** What is particular to each field of a visit: when two values are the same, how a change is sent, how two are merged. */
import { hunks, linesOf } from "./lines";
import { merge } from "./merge";
import { apply, bytesOf, hashOf, MOST_BYTES, splicesBetween } from "./text";
import type { Change, Field, Splice } from "./wire";

export interface Rules {
  readonly isSame: (one: string, other: string) => boolean;
  readonly changeOf: (from: string, to: string) => Change;
  /** The value after a change that came from the server; null when it does not fit. */
  readonly after: (text: string, change: { readonly set: string | null } | { readonly splices: readonly Splice[] }) => string | null;
  /** Null: a person must choose. */
  readonly merge: (base: string, theirs: string, ours: string) => string | null;
  /** Whether the text is the one with that hash. What is set as a whole needs none. */
  readonly isHash: (text: string, hash: string | null) => boolean;
  readonly isTooLong: (text: string) => boolean;
  /** What of the text is not stored, for a person to read. */
  readonly typed: (stored: string, text: string) => string;
}

const asWhole = (isSame: (one: string, other: string) => boolean, valueOf: (text: string) => string | null): Rules => ({
  isSame,
  changeOf: (_from, to) => ({ set: valueOf(to) }),
  after: (_text, change) => ("set" in change ? (change.set ?? "") : null),
  merge: (base, theirs, ours) => (isSame(ours, base) || isSame(ours, theirs) ? theirs : isSame(theirs, base) ? ours : null),
  isHash: () => true,
  isTooLong: () => false,
  typed: (_stored, text) => text,
});

/** The lines that are not stored; the whole text where only lines were removed. */
function typedLines(stored: string, text: string): string {
  const lines = hunks(linesOf(stored), linesOf(text)).flatMap((hunk) => hunk.lines).join("\n").trim();
  return lines || text;
}

const notes: Rules = {
  isSame: (one, other) => one === other,
  changeOf: (from, to) => ({ splices: splicesBetween(from, to), baseHash: hashOf(from), hash: hashOf(to) }),
  after: (text, change) => ("set" in change ? (change.set ?? "") : apply(text, change.splices)),
  merge,
  isHash: (text, hash) => hashOf(text) === hash,
  isTooLong: (text) => text.length * 3 > MOST_BYTES && bytesOf(text) > MOST_BYTES,
  typed: typedLines,
};

export const RULES: Readonly<Record<Field, Rules>> = {
  title: asWhole(
    (one, other) => one.trim() === other.trim(),
    (text) => text.trim() || null,
  ),
  appointmentAt: asWhole(
    (one, other) => one === other || Date.parse(one) === Date.parse(other),
    (text) => text,
  ),
  notes,
};
