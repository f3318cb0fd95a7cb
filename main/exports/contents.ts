import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { withFileErrors } from "@main/storage/file-error";
import type { BundleFile } from "@shared/models/bundle";

/** The folder of an export while it is filled. Paths are those of the bundle: relative, with slashes. */
export class ExportContents {
  readonly #files: BundleFile[] = [];

  constructor(
    readonly folder: string,
    private readonly signal: AbortSignal,
    private readonly onBytes: (bytes: number) => void,
  ) {}

  get files(): readonly BundleFile[] {
    return this.#files;
  }

  /** Where a path of the bundle lies; its folder is made. */
  async place(path: string): Promise<string> {
    const full = join(this.folder, ...path.split("/"));
    await withFileErrors("make a folder in", this.folder, () => mkdir(dirname(full), { recursive: true }));
    return full;
  }

  /** Enters a file that has been written at its place, with its checksum. */
  async enter(path: string, role: BundleFile["role"], quant: string | null = null): Promise<BundleFile> {
    const full = await this.place(path);
    const sha256 = await digestOf(full, this.signal, this.onBytes);
    const entry = { path, bytes: (await stat(full)).size, sha256, role, quant };
    this.#files.push(entry);
    return entry;
  }

  async write(path: string, text: string, role: BundleFile["role"]): Promise<BundleFile> {
    await writeText(await this.place(path), text);
    return this.enter(path, role);
  }

  /** Copies a file from elsewhere in. */
  async copy(source: string, path: string, role: BundleFile["role"], quant: string | null): Promise<BundleFile> {
    const full = await this.place(path);
    await withFileErrors("copy to", full, async () => {
      await pipeline(createReadStream(source, { highWaterMark: 1 << 20 }), this.#counted(), createWriteStream(full), {
        signal: this.signal,
      });
      await sync(full);
    });
    return this.enter(path, role, quant);
  }

  #counted(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _, done) => {
        this.onBytes(chunk.length);
        done(null, chunk);
      },
    });
  }
}

/** A file of the folder that is not listed in the manifest: the manifest itself, the checksums. */
export async function writeText(path: string, text: string): Promise<void> {
  await withFileErrors("write", path, async () => {
    const file = await open(path, "wx");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/** Every file of a model, the given one first: a model in parts is named by its first. */
export function modelFiles(path: string): string[] {
  const [, stem, count] = /^(.*)-00001-of-(\d{5})\.gguf$/.exec(basename(path)) ?? [];
  if (stem === undefined || count === undefined) return [path];
  return Array.from({ length: Number(count) }, (_, index) =>
    join(dirname(path), `${stem}-${String(index + 1).padStart(5, "0")}-of-${count}.gguf`),
  );
}

/** A base's own file name where it is a plain one, for use inside of an export. */
export function plainFileName(path: string): string {
  return basename(path).replace(/[^\p{L}\p{N}._ ()+-]+/gu, "-");
}

/** "qwen3-0.6b" for "Qwen3-0.6B-00001-of-00002.gguf" in its own letters: what the parts of a model are named after. */
export function modelStem(path: string): string {
  return plainFileName(path).replace(/(-00001-of-\d{5})?\.gguf$/i, "");
}

async function digestOf(path: string, signal: AbortSignal, onBytes: (bytes: number) => void): Promise<string> {
  const hash = createHash("sha256");
  await withFileErrors("read", path, async () => {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
      hash.update(chunk as Buffer);
      onBytes((chunk as Buffer).length);
    }
  });
  return hash.digest("hex");
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r+");
  await handle.sync().finally(() => handle.close());
}

/** Gives a finished folder or archive its name; "file.exists" when another took it meanwhile. */
export function settle(temporary: string, target: string): Promise<void> {
  return withFileErrors("write", target, () => rename(temporary, target));
}
