/** The texts in the language in use. One catalogue today; a second language is a second object of the same type. */
import { en } from "./en";

export type Catalogue = typeof en;

export const t: Catalogue = en;
/** The text for a code of the server; the code itself when it is newer than this client. */
export const named = (texts: Readonly<Record<string, string>>, code: string): string => texts[code] ?? code;

export const LANGUAGE = "en";
