import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Database } from "@main/storage/database";
import { withFileErrors } from "@main/storage/file-error";
import { type FolderLock, lockFolder } from "@main/storage/lock";
import { migrate } from "@main/storage/migrations/migrate";
import { type DataPaths, dataPaths } from "@main/storage/paths";

export interface DataFolder {
  readonly paths: DataPaths;
  readonly database: Database;
  readonly lock: FolderLock;
}

/** Makes the folder ready and takes it; it is for its owner's eyes only. Leftovers of writes that never ended are deleted. */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  const paths = dataPaths(resolve(folder));
  await withFileErrors("use the data folder", paths.folder, async () => {
    await mkdir(paths.folder, { recursive: true, mode: 0o700 });
    for (const inner of [paths.datasets, paths.runs, paths.adapters]) await mkdir(inner, { recursive: true });
  });
  const lock = lockFolder(paths.lock, paths.folder);
  try {
    for (const inner of [paths.datasets, paths.runs, paths.adapters]) await deletePartials(inner);
    await rm(paths.phone, { recursive: true, force: true });
    const database = Database.open(paths.database);
    try {
      migrate(database);
    } catch (error) {
      database.close();
      throw error;
    }
    return { paths, database, lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function deletePartials(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true })) {
    if (/\.(partial|part|next)$/.test(entry)) await rm(join(folder, entry), { force: true, recursive: true });
  }
}
