import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The window's pages, for the served shell and for Electron's own scheme alike. */
export default defineConfig({
  root: folder("renderer"),
  base: "/",
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@shared": folder("shared"), "@renderer": folder("renderer") } },
  build: {
    outDir: folder("out/renderer"),
    emptyOutDir: true,
    target: "chrome120",
    // Inlined data: URLs would need holes in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
});
