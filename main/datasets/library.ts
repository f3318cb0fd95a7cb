import { mkdir, readdir, rm } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { openDatasetFile } from "@main/datasets/containers/open";
import { ConversationWriter } from "@main/datasets/conversations";
import { guessDataset } from "@main/datasets/guess";
import { importerOf } from "@main/datasets/importers/all";
import { readRows } from "@main/datasets/rows";
import { DatasetStore } from "@main/datasets/store";
import type { Database } from "@main/storage/database";
import { withFileErrors } from "@main/storage/file-error";
import { writeAtomic } from "@main/storage/files";
import { newId, now } from "@main/storage/id";
import type { DataPaths } from "@main/storage/paths";
import { HoneError } from "@shared/errors";
import type { DatasetFormat, DatasetRecord, RowProblem } from "@shared/models/dataset";

export interface ImportOptions {
  readonly path: string;
  readonly name?: string | undefined;
  readonly format?: DatasetFormat | undefined;
  /** Rows that are never trained on; scores are made on them. */
  readonly testPath?: string;
  readonly origin?: DatasetRecord["origin"];
}

/** The datasets on the shelf: what was usable of the files, kept as conversations beside the database. */
export class DatasetLibrary {
  readonly #store: DatasetStore;

  constructor(
    database: Database,
    private readonly paths: DataPaths,
  ) {
    this.#store = new DatasetStore(database);
  }

  list(): DatasetRecord[] {
    return this.#store.list();
  }

  /** Throws "dataset.unknown". */
  get(id: string): DatasetRecord {
    const found = this.#store.get(id);
    if (!found)
      throw new HoneError(
        "dataset.unknown",
        `There is no dataset with the id "${id}".`,
        "It may have been removed; choose another one.",
      );
    return found;
  }

  find(id: string): DatasetRecord | undefined {
    return this.#store.get(id);
  }

  files(id: string): { readonly conversations: string; readonly test: string } {
    return this.paths.dataset(id);
  }

  /** Reads the whole file; nothing is kept unless at least one row is usable. */
  async import({ path, name, format, testPath, origin = "file" }: ImportOptions): Promise<DatasetRecord> {
    const chosen = format ?? (await guessDataset(path)).format;
    const id = newId();
    const { folder, conversations, test } = this.paths.dataset(id);
    await withFileErrors("make the folder", folder, () => mkdir(folder, { recursive: true }));
    try {
      const train = await this.#write(path, chosen, conversations);
      const testRows = testPath === undefined ? 0 : (await this.#write(testPath, chosen, test)).rows;
      const record: DatasetRecord = {
        id,
        name: name ?? basename(path, extname(path)),
        origin,
        sourcePath: path,
        format: chosen,
        rows: train.rows,
        skippedRows: train.skipped,
        testRows,
        digest: train.digest,
        addedAt: now(),
      };
      this.#store.insert(record);
      return record;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  rename(id: string, name: string): DatasetRecord {
    this.get(id);
    this.#store.rename(id, name);
    return this.get(id);
  }

  async remove(id: string): Promise<void> {
    this.get(id);
    this.#store.remove(id);
    await rm(this.paths.dataset(id).folder, { recursive: true, force: true });
  }

  /** Deletes what an import left behind when the process died in it. */
  async sweep(): Promise<void> {
    const known = new Set(this.list().map(({ id }) => id));
    for (const name of await readdir(this.paths.datasets)) {
      if (!known.has(name)) await rm(join(this.paths.datasets, name), { recursive: true, force: true });
    }
  }

  async #write(
    source: string,
    format: DatasetFormat,
    target: string,
  ): Promise<{ rows: number; skipped: number; digest: string }> {
    return withFileErrors("read", source, async () => {
      const file = await openDatasetFile(source);
      return writeAtomic(target, async (output) => {
        const writer = new ConversationWriter(output);
        let skipped = 0;
        let firstProblem: RowProblem | undefined;
        for await (const row of readRows(file, importerOf(format))) {
          if ("code" in row) {
            skipped++;
            firstProblem ??= row;
          } else await writer.write(row);
        }
        if (writer.rows === 0) throw noRows(source, skipped, firstProblem);
        return { rows: writer.rows, skipped, digest: writer.digest() };
      });
    });
  }
}

function noRows(path: string, skipped: number, problem: RowProblem | undefined): HoneError {
  if (!problem)
    return new HoneError("dataset.empty", `"${path}" has no rows.`, "Choose a file with one example per row.", {
      path,
    });
  return new HoneError(
    "dataset.all-bad",
    `None of the ${skipped} rows of "${path}" can be used. The first problem is in line ${problem.line}: ${problem.message}`,
    problem.hint || "Choose another format, or mend the file.",
    { path, line: problem.line },
  );
}
