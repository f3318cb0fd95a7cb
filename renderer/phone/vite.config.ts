import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const folder = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The page that phones see. Every address in it is relative: it is served below a token. */
export default defineConfig({
  root: folder("renderer/phone"),
  base: "./",
  publicDir: false,
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@shared": folder("shared"), "@renderer": folder("renderer") } },
  build: {
    outDir: folder("out/phone"),
    emptyOutDir: true,
    // Phones of the last few years; what style sheets say about light and dark is written out for the older of them.
    target: ["chrome111", "safari16.4", "firefox114"],
    assetsInlineLimit: 0,
    modulePreload: false,
    chunkSizeWarningLimit: 2000,
  },
});
