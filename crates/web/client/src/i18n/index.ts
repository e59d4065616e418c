/**
 * The texts in the language in use. English comes with the program; every other language is one file in `languages/` that exports
 * `catalogue`, and is loaded only where it is wanted.
 */
import type { Catalogue, Parts } from "./catalogue";
import { en } from "./en";

export type { Catalogue } from "./catalogue";

type Node = { [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

const copied = (from: Node): Node => Object.fromEntries(Object.entries(from).map(([key, value]) => [key, isNode(value) ? copied(value) : value]));

function replace(into: Node, from: Node): void {
  for (const [key, value] of Object.entries(from)) {
    const place = into[key];
    if (isNode(place) && isNode(value)) replace(place, value);
    else into[key] = value;
  }
}

/** Modules may keep a section of it (`const a = t.account`); a text itself must be read while rendering, as the language may change first. */
export const t = copied(en) as Catalogue;

/** Replaces the language in use. Called before anything is rendered. */
export function install(catalogue: Catalogue): void {
  replace(t as unknown as Node, catalogue as unknown as Node);
  document.documentElement.lang = catalogue.locale;
}

/** A section that came later, in the language in use; from then on it is replaced with the rest. */
export function part<K extends keyof Parts>(name: K, english: Parts[K]): Catalogue[K] & object {
  const own = copied(english as unknown as Node);
  const all = t as unknown as Node;
  if (isNode(all[name])) replace(own, all[name]);
  all[name] = own;
  return own as Catalogue[K] & object;
}

export type Languages = Readonly<Record<string, () => Promise<{ readonly catalogue: Catalogue }>>>;
const ENGLISH = "./languages/en.ts";
/** By the address of the file, which names the language: `./languages/de.ts`. */
const others: Languages = import.meta.glob<{ catalogue: Catalogue }>("./languages/*.ts");

/** Installs the first of the wanted languages (BCP 47, preferred first) that there is. English needs no loading. */
export async function loadLanguage(wanted: readonly string[], languages: Languages = others): Promise<void> {
  const paths = wanted.map((tag) => `./languages/${new Intl.Locale(tag).language}.ts`);
  const path = paths.find((it) => it === ENGLISH || it in languages) ?? ENGLISH;
  const load = languages[path];
  if (load) install((await load()).catalogue);
}

/** The language in use, without its region: `en`. */
export const language = (): string => new Intl.Locale(t.locale).language;

/** The text for a code of the server; the code itself when it is newer than this client. */
export const named = (texts: Readonly<Record<string, string>>, code: string): string => texts[code] ?? code;

/** The text for a code of the server, if this client has one. */
export const known = (texts: Readonly<Record<string, string>>, code: string): string | undefined => texts[code];
