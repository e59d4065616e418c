/** The texts in the language in use. One catalogue today; a second language is a second object of the same type. */
import { en } from "./en";

export type Catalogue = typeof en;

export const t: Catalogue = en;
export const LANGUAGE = "en";
