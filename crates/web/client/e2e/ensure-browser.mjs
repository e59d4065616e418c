// Fetches a browser for the tests from npm when the machine has none. It is not in the lock file: only the tests use it, and
// only on machines without a browser of their own.
import { execFileSync } from "node:child_process";
import { findBrowser } from "./browser.mjs";

try {
  await findBrowser();
} catch {
  console.log("No browser on this machine: fetching one from npm for the tests.");
  execFileSync("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "@sparticuz/chromium@153.0.0"], {
    stdio: "inherit",
  });
  await findBrowser();
}
