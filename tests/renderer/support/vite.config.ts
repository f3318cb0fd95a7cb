import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const folder = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

/** `npx vite tests/renderer/support`: the window with made-up services, to look at pages without an engine. */
export default defineConfig({
  root: folder("tests/renderer/support"),
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@shared": folder("shared"), "@renderer": folder("renderer") } },
});
