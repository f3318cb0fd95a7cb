import { rmSync } from "node:fs";
import path from "node:path";
import { places, root } from "./places.mjs";
import { SetupError, step } from "./say.mjs";
import { fingerprint, isCurrent, markCurrent } from "./stamp.mjs";

/**
 * Bundles the TypeScript with Vite: the window's pages, the services with the command line (ES modules), the engine host and
 * the Electron shell (CommonJS, which a sandboxed preload demands). Packages are bundled in, except native ones.
 */
export async function buildBundles() {
  await bundle(
    "renderer",
    ["renderer", "shared", "vite.config.ts", "package-lock.json"],
    [path.join(places.renderer, "index.html")],
    () => [{ configFile: path.join(root, "vite.config.ts"), root: path.join(root, "renderer") }],
  );
  await bundle(
    "phone",
    ["renderer/phone", "renderer/ui", "renderer/lib", "shared", "package-lock.json"],
    [path.join(places.phone, "index.html")],
    () => [{ configFile: path.join(root, "renderer/phone/vite.config.ts") }],
  );
  await bundle(
    "main",
    ["main", "shared", "package.json", "package-lock.json"],
    [path.join(places.main, "index.js"), path.join(places.main, "worker.cjs"), path.join(places.electron, "main.cjs")],
    () => {
      for (const folder of [places.main, places.electron]) rmSync(folder, { recursive: true, force: true });
      return [
        nodeBundle(places.main, "es", { index: "main/index.ts", cli: "main/cli/index.ts" }),
        nodeBundle(places.main, "cjs", { worker: "main/engine/worker.ts" }),
        nodeBundle(places.electron, "cjs", { main: "main/shell/electron/main.ts" }),
        nodeBundle(places.electron, "cjs", { preload: "main/shell/electron/preload.ts" }),
      ];
    },
  );
}

async function bundle(name, sources, results, configurations) {
  const before = fingerprint(sources, root);
  if (isCurrent(name, before, results)) return;
  await step(`${name}: vite build`, async () => {
    const { build } = await import("vite");
    try {
      for (const configuration of configurations()) await build({ logLevel: "warn", ...configuration });
    } catch (error) {
      throw new SetupError(
        `bundling ${name} failed:\n${error.message ?? error}`,
        "run npm run typecheck for all problems",
      );
    }
  });
  markCurrent(name, before);
}

/** One folder of Node programs. `target` is the oldest Node that runs Hone; Electron's is newer. */
function nodeBundle(folder, format, entries) {
  return {
    configFile: false,
    root,
    resolve: { alias: aliases, conditions: ["node", "module", "default"] },
    ssr: { noExternal: true, external: ["electron", "libsql"] },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: "node20",
      minify: false,
      rollupOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, path.join(root, file)])),
        output: {
          format,
          entryFileNames: format === "es" ? "[name].js" : "[name].cjs",
          chunkFileNames: "chunks/[name]-[hash].js",
        },
      },
    },
  };
}

const aliases = {
  "@shared": path.join(root, "shared"),
  "@main": path.join(root, "main"),
  "@renderer": path.join(root, "renderer"),
};
