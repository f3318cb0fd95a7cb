import type { Addon } from "@shared/engine/addon";
import { HoneError } from "@shared/errors";

/** Loads `hone.node`. Not through `require`, so that it works the same in a bundle and inside Electron. */
export function loadAddon(path: string): Addon {
  const holder: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(holder, path);
  } catch (error) {
    throw new HoneError(
      "engine.addon",
      `The engine "${path}" could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
      "Delete the folder out/native and start again, so that it is built anew for this machine.",
      undefined,
      error,
    );
  }
  return holder.exports as Addon;
}
