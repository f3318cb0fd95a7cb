import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { withFileErrors } from "@main/storage/file-error";

/** A name beside `path` that no one else uses; what is left behind under such a name after a crash may be deleted. */
export function temporaryName(path: string): string {
  return `${path}.${randomBytes(4).toString("hex")}.partial`;
}

/** Makes a finished rename survive a power cut. Folders cannot be synced everywhere; where they cannot, nothing is lost but that. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
  } catch {
    return;
  } finally {
    await handle?.close();
  }
}

/** A file that appears under its name whole (`commit`) or not at all (`discard`). */
export class AtomicFile {
  #pending: Uint8Array[] = [];
  #pendingLength = 0;

  private constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly handle: FileHandle,
  ) {}

  static async create(path: string): Promise<AtomicFile> {
    const temporary = temporaryName(path);
    return new AtomicFile(path, temporary, await withFileErrors("write", path, () => open(temporary, "wx")));
  }

  async write(content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    this.#pending.push(bytes);
    this.#pendingLength += bytes.length;
    if (this.#pendingLength > 1 << 18) await this.#flush();
  }

  async commit(): Promise<void> {
    await withFileErrors("write", this.path, async () => {
      await this.#flush();
      await this.handle.sync();
      await this.handle.close();
      await rename(this.temporary, this.path);
      await syncFolder(dirname(this.path));
    });
  }

  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.temporary, { force: true });
  }

  async #flush(): Promise<void> {
    const content = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingLength = 0;
    await withFileErrors("write", this.path, () => this.handle.writeFile(content));
  }
}

/** Fills an `AtomicFile`; on any failure nothing is left. */
export async function writeAtomic<T>(path: string, fill: (file: AtomicFile) => Promise<T>): Promise<T> {
  const file = await AtomicFile.create(path);
  try {
    const result = await fill(file);
    await file.commit();
    return result;
  } catch (error) {
    await file.discard();
    throw error;
  }
}

export function writeTextAtomic(path: string, text: string): Promise<void> {
  return writeAtomic(path, (file) => file.write(text));
}

export async function copyAtomic(source: string, target: string): Promise<void> {
  const temporary = temporaryName(target);
  try {
    await withFileErrors("copy to", target, async () => {
      await copyFile(source, temporary);
      const handle = await open(temporary, "r+");
      await handle.sync().finally(() => handle.close());
      await rename(temporary, target);
      await syncFolder(dirname(target));
    });
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** SHA-256 in hex, read in pieces. */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await withFileErrors("read", path, async () => {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(chunk as Buffer);
  });
  return hash.digest("hex");
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
