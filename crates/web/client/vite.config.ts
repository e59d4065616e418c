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
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (!/\.(js|css)$/.test(file.fileName)) continue;
        const source = Buffer.from(file.type === "chunk" ? file.code : file.source);
        this.emitFile({
          type: "asset",
          fileName: `${file.fileName}.br`,
          source: brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        });
        this.emitFile({ type: "asset", fileName: `${file.fileName}.gz`, source: gzipSync(source, { level: 9 }) });
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  build: {
    // iPadOS 17.5 is the oldest system that the style sheets (light-dark) are written for.
    target: ["safari17.5", "chrome123", "firefox121"],
    // The policy of the server allows no data: addresses and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // scripts/budget.mjs watches the size that counts.
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: { "/api": { target: "https://localhost:15045", secure: false, changeOrigin: false } } },
  test: {
    restoreMocks: true,
    testTimeout: 20_000,
    projects: [
      // Rules need no page, and are ready in a moment without one.
      { extends: true, test: { name: "rules", environment: "node", include: ["src/**/*.test.ts"] } },
      { extends: true, test: { name: "components", environment: "happy-dom", include: ["src/**/*.test.tsx"] } },
    ],
  },
});
