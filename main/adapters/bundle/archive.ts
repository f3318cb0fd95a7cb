import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { bundleLimits } from "@main/adapters/bundle/limits";
import { adapterFiles, parseManifest } from "@main/adapters/bundle/manifest";
import { HoneError } from "@shared/errors";
import { bundlePathSchema } from "@shared/models/bundle";
import { type Entry, open as openZip, type ZipFile } from "yauzl";

const symbolicLink = 0o120000;
const fileKind = 0o170000;

/**
 * Takes manifest and adapter of a bundle out of an archive into an empty folder, and nothing else. Refused before a byte is written:
 * names that lead out, links, names that occur twice, encrypted entries, entries that do not have the size hone.json says.
 */
export async function unpackBundle(archive: string, folder: string): Promise<void> {
  const zip = await openArchive(archive);
  try {
    const entries = await listEntries(zip);
    const root = rootOf(entries);
    const manifest = entries.get(`${root}hone.json`);
    if (!manifest) throw notABundle(archive);
    if (manifest.uncompressedSize > bundleLimits.manifestBytes)
      throw new HoneError(
        "bundle.size",
        `hone.json claims ${manifest.uncompressedSize} bytes.`,
        "Get the bundle again.",
      );
    const text = (await readEntry(zip, manifest)).toString("utf8");
    const wanted = adapterFiles(parseManifest(text)).map((file) => {
      const entry = entries.get(root + file.path);
      if (entry?.uncompressedSize === file.bytes) return { path: file.path, entry };
      throw new HoneError(
        "bundle.sum",
        entry
          ? `${file.path} has ${entry.uncompressedSize} bytes in the archive; hone.json says ${file.bytes}.`
          : `${file.path} is missing in the archive.`,
        "The bundle is incomplete or was changed; get it again.",
      );
    });
    for (const { path, entry } of [{ path: "hone.json", entry: manifest }, ...wanted]) {
      const target = join(folder, ...path.split("/"));
      await mkdir(dirname(target), { recursive: true });
      await pipeline(await streamOf(zip, entry), createWriteStream(target, { flags: "wx" }));
    }
  } catch (error) {
    // The reader's own complaints come without a code.
    throw error instanceof HoneError || (error as NodeJS.ErrnoException).code ? error : damaged(archive, error);
  } finally {
    zip.close();
  }
}

async function openArchive(path: string): Promise<ZipFile> {
  try {
    const open = promisify<string, object, ZipFile>(openZip as never);
    return await open(path, { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true });
  } catch (error) {
    throw damaged(path, error);
  }
}

/** Every entry by its name, once all names and kinds are found harmless. */
async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > bundleLimits.entries)
    throw new HoneError(
      "bundle.size",
      `The archive has ${zip.entryCount} entries; the limit is ${bundleLimits.entries}.`,
    );
  const entries = new Map<string, Entry>();
  await new Promise<void>((resolve, reject) => {
    zip.on("error", reject);
    zip.on("end", resolve);
    zip.on("entry", (entry: Entry) => {
      try {
        checkEntry(entry, entries);
        entries.set(entry.fileName, entry);
        zip.readEntry();
      } catch (error) {
        reject(error);
      }
    });
    zip.readEntry();
  });
  return entries;
}

function checkEntry(entry: Entry, before: ReadonlyMap<string, Entry>): void {
  const { fileName, externalFileAttributes } = entry;
  const refuse = (why: string) =>
    new HoneError(
      "bundle.archive",
      `The archive holds "${fileName.slice(0, 100)}", ${why}.`,
      "An archive made by Hone holds nothing of the kind; do not open it with other programs either.",
    );
  if (!bundlePathSchema.safeParse(fileName.replace(/\/$/, "")).success)
    throw refuse("a name that could lead out of it");
  if (((externalFileAttributes >>> 16) & fileKind) === symbolicLink) throw refuse("which is a link");
  if (entry.isEncrypted()) throw refuse("which is encrypted");
  if (before.has(fileName)) throw refuse("twice");
}

/** "" or the one folder, with its slash, that everything lies in. */
function rootOf(entries: ReadonlyMap<string, Entry>): string {
  if (entries.has("hone.json")) return "";
  const manifests = [...entries.keys()].filter((name) => /^[^/]+\/hone\.json$/.test(name));
  return manifests.length === 1 ? (manifests[0] ?? "").replace(/hone\.json$/, "") : "";
}

function streamOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error || !stream ? reject(error) : resolve(stream)));
  });
}

/** The reader itself ends a stream that is longer than its entry claims. */
async function readEntry(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of await streamOf(zip, entry)) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function notABundle(path: string): HoneError {
  return new HoneError(
    "bundle.none",
    `"${path}" holds no hone.json.`,
    "Choose an archive that was made by Hone, a GGUF adapter, or the folder of a PEFT or MLX adapter.",
  );
}

function damaged(path: string, error: unknown): HoneError {
  const said = error instanceof Error ? error.message.slice(0, 200) : String(error);
  return new HoneError("bundle.archive", `"${path}" cannot be read as an archive: ${said}.`, "Get it again.");
}
