import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, extname, join, resolve } from "node:path";
import { withFileErrors } from "@main/storage/file-error";
import { HoneError } from "@shared/errors";
import type { FolderEntry } from "@shared/ipc/contract";

/** A folder with more is not one to pick from by eye. */
const mostEntries = 5000;

export interface Listing {
  readonly folder: string;
  readonly parent: string | null;
  readonly entries: readonly FolderEntry[];
}

/**
 * What a folder holds, folders first, by name. Files are those with one of `extensions` (without dots; none means all). Hidden
 * entries and those that cannot be looked at are left out. Null is the home folder.
 */
export async function browse(folder: string | null, extensions: readonly string[]): Promise<Listing> {
  const place = resolve(folder ?? homedir());
  const names = await withFileErrors("open the folder", place, async () => {
    if (!(await stat(place)).isDirectory())
      throw new HoneError("file.kind", `"${place}" is not a folder.`, "Choose a folder.", { path: place });
    return readdir(place);
  });
  const wanted = new Set(extensions.map((extension) => extension.toLowerCase().replace(/^\./, "")));
  const visible = names.filter((name) => !name.startsWith(".")).slice(0, mostEntries);
  const found = await Promise.all(visible.map((name) => look(join(place, name), name)));
  const entries = found
    .filter((entry) => entry !== null)
    .filter(
      ({ kind, name }) => kind === "folder" || wanted.size === 0 || wanted.has(extname(name).slice(1).toLowerCase()),
    )
    .sort((left, right) =>
      left.kind === right.kind ? compare(left.name, right.name) : left.kind === "folder" ? -1 : 1,
    );
  const parent = dirname(place);
  return { folder: place, parent: parent === place ? null : parent, entries };
}

async function look(path: string, name: string): Promise<FolderEntry | null> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return { name, path, kind: "folder", bytes: 0 };
    return found.isFile() ? { name, path, kind: "file", bytes: found.size } : null;
  } catch {
    return null;
  }
}

const compare = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;
