// Fails the build when the script grows that a browser has to load, at first and in all, or when a compressed form is of another file.
import { readdirSync, readFileSync } from "node:fs";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";

/** In kB (1,000 bytes), gzip. What the first page needs, which is sign-in and the list of patients; and all files together, of which the
    camera, comparisons and the page of a visit are fetched only where they are used. */
const BUDGET_KB = { first: 165, all: 380 };
/** The first page is not made of more scripts than these: each may cost a round trip. */
const FIRST_FILES = 3;

const dist = new URL("../dist/", import.meta.url);
const assets = new URL("assets/", dist);
const texts = new Map(readdirSync(assets).filter((name) => name.endsWith(".js")).map((name) => [name, readFileSync(new URL(name, assets), "utf8")]));
const sizes = new Map([...texts].map(([name, text]) => [name, gzipSync(text, { level: 9 }).length / 1000]));

/** What a script imports before it runs; `import("…")` is for later. */
/** @param {string} name */
const importsOf = (name) => [...(texts.get(name) ?? "").matchAll(/\b(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)].map(([, found]) => found ?? "");

/** The scripts without which the page shows nothing. */
const first = new Set([...readFileSync(new URL("index.html", dist), "utf8").matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/g)].map(([, name]) => name ?? ""));
for (const name of first) for (const more of importsOf(name)) first.add(more);

/** @param {Iterable<string>} names */
const sum = (names) => [...names].reduce((total, name) => total + (sizes.get(name) ?? 0), 0);
const parts = [...sizes].toSorted(([, a], [, b]) => b - a);
for (const [name, size] of parts) process.stdout.write(`${first.has(name) ? "first" : "later"}  ${size.toFixed(1).padStart(6)} kB  ${name}\n`);

/** @type {string[]} */
const faults = [];
for (const [what, found, budget] of /** @type {const} */ ([["first", sum(first), BUDGET_KB.first], ["all", sum(sizes.keys()), BUDGET_KB.all]])) {
  process.stdout.write(`${what}: ${found.toFixed(1)} of ${budget} kB gzip\n`);
  if (found > budget) faults.push(`The budget of ${budget} kB for ${what} is exceeded.`);
}
if (first.size === 0) faults.push("index.html names no script.");
if (first.size > FIRST_FILES) faults.push(`The first page needs ${first.size} scripts, more than ${FIRST_FILES}: ${[...first].join(", ")}`);
for (const name of readdirSync(assets).filter((it) => /\.(js|css)$/.test(it))) {
  const plain = readFileSync(new URL(name, assets));
  const forms = { br: brotliDecompressSync, gz: gunzipSync };
  for (const [ending, read] of Object.entries(forms)) {
    if (!read(readFileSync(new URL(`${name}.${ending}`, assets))).equals(plain)) faults.push(`${name}.${ending} is not the compressed form of ${name}.`);
  }
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exit(1);
