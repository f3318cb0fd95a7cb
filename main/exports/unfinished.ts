import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeTextAtomic } from "@main/storage/files";
import { newId } from "@main/storage/id";

/**
 * Where exports lie while they are being made. They lie in folders of the person's choice, so a note in the data folder tells the
 * next start of Hone which ones a crash has left behind.
 */
export class UnfinishedExports {
  constructor(private readonly folder: string) {}

  /** Notes `path` for as long as `work` runs; afterwards it is gone or has been renamed. */
  async during<T>(path: string, work: () => Promise<T>): Promise<T> {
    await mkdir(this.folder, { recursive: true });
    const note = join(this.folder, `${newId()}.txt`);
    await writeTextAtomic(note, path);
    try {
      return await work();
    } finally {
      await rm(path, { recursive: true, force: true });
      await rm(note, { force: true });
    }
  }

  /** Deletes what an earlier session did not finish. Only temporary names are ever deleted. */
  async sweep(): Promise<void> {
    const notes = await readdir(this.folder).catch(() => []);
    for (const name of notes) {
      const note = join(this.folder, name);
      const path = await readFile(note, "utf8").catch(() => "");
      if (/\.[0-9a-f]{8}\.partial$/.test(basename(path)))
        await rm(path, { recursive: true, force: true }).catch(() => undefined);
      await rm(note, { force: true });
    }
  }
}
