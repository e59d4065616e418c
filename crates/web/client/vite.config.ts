import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Writes a Brotli and a gzip form beside each script and style sheet; the server picks one. */
function compressed(): Plugin {
  return {
    name: "cutis-compressed",
    apply: "build",
    enforce: "post",
    // Of the files as they were written: until then scripts may still be changed, which name each other.
    writeBundle({ dir }, bundle) {
      for (const { fileName } of Object.values(bundle)) {
        if (!dir || !/\.(js|css)$/.test(fileName)) continue;
        const path = join(dir, fileName);
        const source = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        writeFileSync(`${path}.gz`, gzipSync(source, { level: 9 }));
      }
    },
  };
}

/** The languages that there are: English, and a file each in `languages`. */
function languages(): Set<string> {
  const folder = new URL("./src/i18n/languages/", import.meta.url);
  const others = existsSync(folder) ? readdirSync(folder).map((name) => name.replace(/\.ts$/, "")) : [];
  return new Set(["en", ...others]);
}

/** react-aria brings its few words in thirty languages. Those that nobody can choose say them in English and weigh nothing. */
function ownLanguagesOnly(): Plugin {
  const wanted = languages();
  return {
    name: "cutis-own-languages-only",
    apply: "build",
    enforce: "pre",
    load: {
      filter: { id: /\/react-(aria|stately)[\w-]*\/.*\/intl\/.*\/[a-z]{2}-[A-Z]{2}\.m?js$/ },
      handler(id) {
        const language = /\/([a-z]{2})-[A-Z]{2}\.m?js$/.exec(id)?.[1];
        if (!language || wanted.has(language)) return null;
        return 'export { default } from "./en-US.mjs";';
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), ownLanguagesOnly(), compressed()],
  build: {
    // iPadOS 17.5 is the oldest system that the style sheets (light-dark) are written for.
    target: ["safari17.5", "chrome123", "firefox121"],
    // The policy of the server allows no data: addresses and no inline script.
    assetsInlineLimit: 0,
    // Parts of the program come later, but never without their looks: one style sheet for all.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // One file for all that the first page needs, instead of a dozen requests.
            { name: "first", tags: ["$initial"], priority: 2 },
            // What several later parts share: loaded by whichever comes first.
            { name: "shared", minShareCount: 2, priority: 1 },
          ],
          // Without it react-aria's dialogs would bring its menus along, of which they only need a context. Each group holds all
          // that its modules import, or it is in the first file, so that no two files need each other.
          includeDependenciesRecursively: false,
        },
      },
    },
    reportCompressedSize: false,
    // scripts/budget.mjs watches the size that counts.
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: { "/api": { target: "https://localhost:15045", secure: false, changeOrigin: false } } },
  test: {
    restoreMocks: true,
    testTimeout: 20_000,
    // Style sheets that a test reads as text.
    css: { include: [/\?raw/] },
    projects: [
      // Rules need no page, and are ready in a moment without one.
      { extends: true, test: { name: "rules", environment: "node", include: ["src/**/*.test.ts"] } },
      { extends: true, test: { name: "components", environment: "happy-dom", include: ["src/**/*.test.tsx"] } },
    ],
  },
});
