import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { extname } from "node:path";
import { readCsv } from "@main/datasets/containers/csv";
import { readJsonList } from "@main/datasets/containers/json-list";
import { readJsonl } from "@main/datasets/containers/jsonl";
import { readText } from "@main/datasets/containers/text";
import { limits, type RawRow } from "@main/datasets/raw-row";
import { fileError } from "@main/storage/file-error";
import { HoneError } from "@shared/errors";

export interface OpenedFile {
  readonly container: "jsonl" | "csv" | "text";
  /** Can be read more than once. */
  readonly rows: () => AsyncGenerator<RawRow>;
}

/** Finds out from name and first bytes how a file is to be read. */
export async function openDatasetFile(path: string): Promise<OpenedFile> {
  const start = await readStart(path);
  const extension = extname(path).toLowerCase();
  if (extension === ".csv" || extension === ".tsv") return { container: "csv", rows: () => readCsv(path) };
  if (extension === ".txt" || extension === ".md") return { container: "text", rows: () => readText(path) };
  const first = start.replace(/^\uFEFF/, "").trimStart()[0];
  const isJson = [".jsonl", ".ndjson", ".json"].includes(extension);
  if (first === "[") return { container: "jsonl", rows: () => readJsonList(path) };
  if (isJson || first === "{") return { container: "jsonl", rows: () => readJsonl(path) };
  return { container: "text", rows: () => readText(path) };
}

async function readStart(path: string): Promise<string> {
  const refuse = (code: string, what: string, hint: string) => new HoneError(code, `"${path}" ${what}`, hint, { path });
  try {
    // Not waiting, so that a pipe put in place of a file cannot make the open wait for a writer.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await handle.stat();
      if (found.isDirectory()) throw refuse("file.kind", "is a folder.", "Choose the file inside.");
      if (!found.isFile()) throw refuse("file.kind", "is not a plain file.", "Choose a file.");
      if (found.size === 0) throw refuse("dataset.empty", "is empty.", "Choose a file with one example per row.");
      if (found.size > limits.fileBytes) {
        throw refuse(
          "dataset.too-large",
          `has ${found.size} bytes; the limit is ${limits.fileBytes}.`,
          "Split it into smaller files.",
        );
      }
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
      const bytes = buffer.subarray(0, bytesRead);
      if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
        throw refuse("dataset.encoding", "is written in UTF-16.", "Save it with the encoding UTF-8.");
      }
      if (bytes.includes(0)) {
        throw refuse(
          "dataset.binary",
          `is ${describeBinary(bytes)}, not a text file.`,
          "Choose a JSONL, CSV or text file.",
        );
      }
      return bytes.toString("utf8");
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(error, "read", path);
  }
}

function describeBinary(bytes: Buffer): string {
  const magic = bytes.toString("latin1", 0, 4);
  if (magic === "GGUF") return "a GGUF model or adapter";
  if (magic === "PAR1") return "a Parquet file";
  if (magic.startsWith("PK")) return "a ZIP archive or office document";
  return "a binary file";
}
