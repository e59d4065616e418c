import type { en } from "./en";
import type { whole } from "./en/whole";

/** The same keys with any words: a text stays a text, and a function that writes one keeps what it is given. */
type Any<T> = T extends string
  ? string
  : T extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Key in keyof T]: Any<T[Key]> };

/**
 * What every language has: each key of English, and `locale`, its BCP 47 tag, by which dates and numbers are written.
 * A missing or misspelt key is a type error.
 */
export type Catalogue = Any<typeof en> & Partial<Any<Parts>>;

/** Sections that come with the pages that show them. A language that lacks one leaves it in English. */
export type Parts = Omit<typeof whole, keyof typeof en>;
