import { modelInfoSchema } from "@main/models/model-info";
import { type Database, jsonColumn } from "@main/storage/database";
import type { ModelInfo, ModelRecord } from "@shared/models/model";
import { z } from "zod";

/** A model as it is stored; whether its file is still there is asked each time. */
export interface StoredModel extends Omit<ModelRecord, "missing"> {
  /** Of the file when `digest` was taken or asked for: another time means another content. */
  readonly modifiedMs: number;
}

const row = z
  .object({
    id: z.string(),
    info: jsonColumn(modelInfoSchema),
    digest: z.string().nullable(),
    modified_ms: z.number(),
    origin: z.enum(["starter", "file"]),
    added_at: z.string(),
  })
  .transform(
    ({ id, info, digest, modified_ms, origin, added_at }): StoredModel => ({
      id,
      info,
      digest,
      origin,
      addedAt: added_at,
      modifiedMs: modified_ms,
    }),
  );

export class ModelStore {
  constructor(private readonly database: Database) {}

  list(): StoredModel[] {
    return this.database.all(row, "SELECT * FROM models ORDER BY added_at, id");
  }

  get(id: string): StoredModel | undefined {
    return this.database.get(row, "SELECT * FROM models WHERE id = @id", { id });
  }

  atPath(path: string): StoredModel | undefined {
    return this.database.get(row, "SELECT * FROM models WHERE path = @path", { path });
  }

  insert({ id, info, digest, origin, addedAt, modifiedMs }: StoredModel): void {
    this.database.run(
      `INSERT INTO models (id, path, info, digest, modified_ms, origin, added_at)
       VALUES (@id, @path, @info, @digest, @modifiedMs, @origin, @addedAt)`,
      { id, path: info.path, info: JSON.stringify(info), digest, origin, addedAt, modifiedMs },
    );
  }

  /** What the file at the same path holds now; its digest is to be taken anew. */
  refresh(id: string, info: ModelInfo, modifiedMs: number): void {
    this.database.run(
      "UPDATE models SET info = @info, path = @path, modified_ms = @modifiedMs, digest = NULL WHERE id = @id",
      {
        id,
        info: JSON.stringify(info),
        path: info.path,
        modifiedMs,
      },
    );
  }

  /** Other words about the same content. */
  setInfo(id: string, info: ModelInfo): void {
    this.database.run("UPDATE models SET info = @info WHERE id = @id", { id, info: JSON.stringify(info) });
  }

  setDigest(id: string, digest: string): void {
    this.database.run("UPDATE models SET digest = @digest WHERE id = @id", { id, digest });
  }

  remove(id: string): void {
    this.database.run("DELETE FROM models WHERE id = @id", { id });
  }
}
