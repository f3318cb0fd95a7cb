import type { Database } from "@main/storage/database";
import { type DatasetRecord, datasetFormatSchema } from "@shared/models/dataset";
import { z } from "zod";

const row = z
  .object({
    id: z.string(),
    name: z.string(),
    origin: z.enum(["starter", "file"]),
    source_path: z.string(),
    format: datasetFormatSchema,
    rows: z.int(),
    skipped_rows: z.int(),
    test_rows: z.int(),
    digest: z.string(),
    added_at: z.string(),
  })
  .transform(
    (found): DatasetRecord => ({
      id: found.id,
      name: found.name,
      origin: found.origin,
      sourcePath: found.source_path,
      format: found.format,
      rows: found.rows,
      skippedRows: found.skipped_rows,
      testRows: found.test_rows,
      digest: found.digest,
      addedAt: found.added_at,
    }),
  );

export class DatasetStore {
  constructor(private readonly database: Database) {}

  list(): DatasetRecord[] {
    return this.database.all(row, "SELECT * FROM datasets ORDER BY added_at, id");
  }

  get(id: string): DatasetRecord | undefined {
    return this.database.get(row, "SELECT * FROM datasets WHERE id = @id", { id });
  }

  insert(record: DatasetRecord): void {
    this.database.run(
      `INSERT INTO datasets (id, name, origin, source_path, format, rows, skipped_rows, test_rows, digest, added_at)
       VALUES (@id, @name, @origin, @sourcePath, @format, @rows, @skippedRows, @testRows, @digest, @addedAt)`,
      { ...record },
    );
  }

  rename(id: string, name: string): void {
    this.database.run("UPDATE datasets SET name = @name WHERE id = @id", { id, name });
  }

  remove(id: string): void {
    this.database.run("DELETE FROM datasets WHERE id = @id", { id });
  }
}
