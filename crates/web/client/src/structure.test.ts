/** Rules about which file may do what, read from the sources. */
import { describe, expect, it } from "vitest";

const sources = Object.entries(import.meta.glob<string>("./**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true }));
const code = sources.filter(([path]) => !/\.test\.tsx?$|^\.\/testing\/|schema\.d\.ts$/.test(path));

/** Every place outside `allowed` whose text matches. */
function offenders(pattern: RegExp, allowed: RegExp): string[] {
  return code.flatMap(([path, text]) => {
    if (allowed.test(path)) return [];
    return text.split("\n").flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1} ${line.trim()}`] : []));
  });
}

it("reads the sources at all", () => expect(code.length).toBeGreaterThan(80));

describe("house 13: what is fetched is described once, in its resource", () => {
  it("keys, fetches and what a change invalidates stay in src/resources", () => {
    const owned = /\b(queryKey|queryFn|mutationFn|mutationKey|useMutation|useQueryClient|invalidateQueries|setQueryData|getQueryData|removeQueries|fetchQuery|queryOptions|infiniteQueryOptions)\b/;
    expect(offenders(owned, /^\.\/resources\//)).toEqual([]);
  });

  it("requests are made by resources, and by the one sender of uploads", () => {
    const asking = /\bhttp\.(GET|POST|PATCH|PUT|DELETE)\b|\bfetch\(|\bXMLHttpRequest\b|["`]\/api\/v1/;
    expect(offenders(asking, /^\.\/(resources\/|upload\/send\.ts$|api\/)/)).toEqual([]);
  });

  it("no resource reaches into pages", () => {
    const resources = code.filter(([path]) => path.startsWith("./resources/"));
    expect(resources.length).toBeGreaterThan(10);
    for (const [path, text] of resources) expect(text, path).not.toMatch(/from "\.\.\/(pages|app|ui)\//);
  });
});

it("no page names a catalogue: texts come from i18n, which knows the language in use", () => {
  expect(offenders(/from "[^"]*i18n\/(en|languages)\b/, /^\.\/i18n\//)).toEqual([]);
});

it("react-aria's components are named one by one: its index would bring them all into the first file of the page", () => {
  expect(offenders(/from "react-aria-components"/, /^$/)).toEqual([]);
});

it("F13: dates follow the language of the page: no field and no text of the browser's own language", () => {
  expect(offenders(/type="(date|time|datetime-local|month|week)"|toLocale(Date|Time)?String\(/, /^$/)).toEqual([]);
  expect(offenders(/new Intl\.(DateTimeFormat|ListFormat|NumberFormat|RelativeTimeFormat)\((?!t\.locale|locale)/, /^$/)).toEqual([]);
});
