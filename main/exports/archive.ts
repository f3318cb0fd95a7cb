import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { withFileErrors } from "@main/storage/file-error";
import { ZipFile } from "yazl";

/** The earliest time that the format knows; an archive says nothing about when it was made. */
const noTime = new Date(1980, 0, 1);

/**
 * Writes files of `folder` as one archive, under `root`, in the given order. Stored, not compressed: weights do not shrink, and
 * the bytes depend on no version of a compressor.
 */
export async function writeArchive(
  target: string,
  folder: string,
  root: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const zip = new ZipFile();
  const failed = new Promise<never>((_, reject) => zip.on("error", reject));
  for (const path of paths)
    zip.addFile(join(folder, ...path.split("/")), `${root}/${path}`, {
      mtime: noTime,
      mode: 0o100644,
      compress: false,
      forceDosTimestamp: true,
    });
  zip.end();
  await withFileErrors("write", target, async () => {
    await Promise.race([pipeline(zip.outputStream, createWriteStream(target, { flags: "wx" }), { signal }), failed]);
    const handle = await open(target, "r+");
    await handle.sync().finally(() => handle.close());
  });
}
