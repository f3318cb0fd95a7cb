import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { HoneError } from "@shared/errors";

/** Where the app's own files lie. `main/setup/places.mjs` builds to the same places. */
export interface Places {
  /** The addon, which the operating system loads: outside of an archive. */
  readonly addon: string;
  /** The engine process's program. */
  readonly worker: string;
  /** The window's pages. */
  readonly renderer: string;
  /** The page that phones see. */
  readonly phone: string;
  /** Starter model and datasets, which the engine maps: outside of an archive. */
  readonly starter: string;
  readonly preload: string;
  readonly version: string;
}

/** `root` is the folder of package.json; in a packaged app that is inside the archive "app.asar". */
export function placesIn(root: string): Places {
  const unpacked = root.replace(/app\.asar$/, "app.asar.unpacked");
  return {
    addon: path.join(unpacked, "out", "native", "hone.node"),
    worker: path.join(unpacked, "out", "main", "worker.cjs"),
    renderer: path.join(root, "out", "renderer"),
    phone: path.join(root, "out", "phone"),
    starter: path.join(unpacked, "main", "starter"),
    preload: path.join(root, "out", "electron", "preload.cjs"),
    version: readPackage(root)?.version ?? "0",
  };
}

/** The nearest folder above `from` that holds Hone's package.json: sources and bundles lie at different depths. */
export function findRoot(from: string): string {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (readPackage(folder)?.name === "hone") return folder;
    if (folder === path.dirname(folder)) {
      throw new HoneError("app.incomplete", `Hone's own files were not found above "${from}".`, "Install Hone again.");
    }
  }
}

function readPackage(folder: string): { name?: string; version?: string } | undefined {
  const file = path.join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
}
