// Fails the build when the script that a browser has to load grows beyond its budget.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 220;
const folder = new URL("../dist/assets/", import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith(".js"));
let total = 0;
for (const name of scripts) {
  const file = new URL(name, folder);
  const gzip = gzipSync(readFileSync(file)).length / 1000;
  total += gzip;
  process.stdout.write(`${name}: ${(statSync(file).size / 1000).toFixed(0)} kB, ${gzip.toFixed(1)} kB gzip\n`);
}
process.stdout.write(`all scripts: ${total.toFixed(1)} of ${BUDGET_KB} kB gzip\n`);
if (total > BUDGET_KB) process.exit(1);
