import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join } from "node:path";
import { unpackBundle } from "@main/adapters/bundle/archive";
import { adapterIn, checkFolder } from "@main/adapters/bundle/folder";
import { withFileErrors } from "@main/storage/file-error";
import { isFile } from "@main/storage/files";
import type { Bundle } from "@shared/models/bundle";

export interface OpenedBundle {
  readonly bundle: Bundle;
  /** The GGUF adapter, or the folder of its PEFT files; its checksums hold. */
  readonly adapter: string;
}

/** Whether a path means a bundle of Hone: an archive, the folder of one, or its manifest. */
export async function isBundle(path: string): Promise<boolean> {
  if (extname(path).toLowerCase() === ".zip" || basename(path) === "hone.json") return true;
  const found = await withFileErrors("read", path, () => stat(path));
  if (!found.isDirectory() || !(await isFile(join(path, "hone.json")))) return false;
  // PEFT folders that an earlier Hone wrote have a manifest of another kind beside the two files.
  return !(await isFile(join(path, "adapter_config.json")));
}

/** Opens a bundle that someone else has made, for as long as `work` runs. Throws "bundle.*" for whatever is wrong with it. */
export async function withBundle<T>(path: string, work: (opened: OpenedBundle) => Promise<T>): Promise<T> {
  if (extname(path).toLowerCase() !== ".zip") {
    const folder = basename(path) === "hone.json" ? dirname(path) : path;
    const bundle = await checkFolder(folder);
    return work({ bundle, adapter: adapterIn(folder, bundle) });
  }
  const folder = await mkdtemp(join(tmpdir(), "hone-bundle-"));
  try {
    await unpackBundle(path, folder);
    const bundle = await checkFolder(folder);
    return await work({ bundle, adapter: adapterIn(folder, bundle) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
