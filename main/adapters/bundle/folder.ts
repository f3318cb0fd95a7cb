import { lstat, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bundleLimits } from "@main/adapters/bundle/limits";
import { adapterFiles, parseManifest } from "@main/adapters/bundle/manifest";
import { fileError, withFileErrors } from "@main/storage/file-error";
import { sha256OfFile } from "@main/storage/files";
import { HoneError } from "@shared/errors";
import type { Bundle, BundleFile } from "@shared/models/bundle";

/** Reads and checks the manifest of an unpacked bundle, and every file that belongs to its adapter. */
export async function checkFolder(folder: string): Promise<Bundle> {
  const bundle = parseManifest(await readManifest(folder));
  for (const file of adapterFiles(bundle)) await checkFile(folder, file);
  return bundle;
}

async function readManifest(folder: string): Promise<string> {
  const path = await regularFile(folder, "hone.json");
  const handle = await withFileErrors("read", path, () => open(path, "r"));
  try {
    const { size } = await handle.stat();
    if (size > bundleLimits.manifestBytes)
      throw new HoneError("bundle.size", `hone.json has ${size} bytes; the limit is ${bundleLimits.manifestBytes}.`);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

async function checkFile(folder: string, { path, bytes, sha256 }: BundleFile): Promise<void> {
  const full = await regularFile(folder, path);
  const { size } = await lstat(full);
  if (size !== bytes)
    throw new HoneError(
      "bundle.sum",
      `${path} has ${size} bytes; hone.json says ${bytes}.`,
      "The bundle is incomplete or was changed; get it again.",
    );
  const found = await sha256OfFile(full);
  if (found === sha256) return;
  throw new HoneError(
    "bundle.sum",
    `${path} is not what hone.json lists: its SHA-256 begins with ${found.slice(0, 8)}, not ${sha256.slice(0, 8)}.`,
    "The bundle was damaged or changed on its way; get it again.",
  );
}

/** The full path of a plain file: neither it nor a folder on the way may be a link. `path` is a checked bundle path. */
async function regularFile(folder: string, path: string): Promise<string> {
  let full = folder;
  const parts = path.split("/");
  for (const [index, part] of parts.entries()) {
    full = join(full, part);
    const found = await lstat(full).catch((error: unknown) => {
      throw fileError(error, "read", full);
    });
    if (found.isSymbolicLink() || (index < parts.length - 1 ? !found.isDirectory() : !found.isFile()))
      throw new HoneError(
        "bundle.link",
        `${path} is a link or no plain file.`,
        "A bundle holds plain files only; get it from someone you trust.",
      );
  }
  return full;
}

/** Where the adapter of a checked bundle lies: the GGUF file, or the folder of its PEFT files. */
export function adapterIn(folder: string, bundle: Bundle): string {
  const [first] = adapterFiles(bundle);
  const full = join(folder, ...(first?.path ?? "").split("/"));
  return first?.role === "peft" ? dirname(full) : full;
}
