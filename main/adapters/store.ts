import { type Database, jsonColumn } from "@main/storage/database";
import type { AdapterRecord, Score } from "@shared/models/adapter";
import { recipeSchema } from "@shared/models/recipe";
import { z } from "zod";

/** An adapter as it is stored; whether its file is still there is asked each time. */
export interface StoredAdapter extends Omit<AdapterRecord, "missing"> {
  readonly datasetId: string | null;
}

const score: z.ZodType<Score> = z.object({ rows: z.int(), exactMatch: z.number() });

const row = z
  .object({
    id: z.string(),
    name: z.string(),
    path: z.string(),
    digest: z.string(),
    bytes: z.int(),
    rank: z.int(),
    alpha: z.number(),
    architecture: z.string(),
    origin: z.enum(["trained", "imported"]),
    model_id: z.string().nullable(),
    base_digest: z.string().nullable(),
    run_id: z.string().nullable(),
    dataset_id: z.string().nullable(),
    dataset_digest: z.string().nullable(),
    recipe: jsonColumn(recipeSchema).nullable(),
    final_train_loss: z.number().nullable(),
    final_validation_loss: z.number().nullable(),
    score_before: jsonColumn(score).nullable(),
    score_after: jsonColumn(score).nullable(),
    created_at: z.string(),
  })
  .transform(
    (found): StoredAdapter => ({
      id: found.id,
      name: found.name,
      path: found.path,
      digest: found.digest,
      bytes: found.bytes,
      rank: found.rank,
      alpha: found.alpha,
      architecture: found.architecture,
      origin: found.origin,
      modelId: found.model_id,
      baseDigest: found.base_digest,
      runId: found.run_id,
      datasetId: found.dataset_id,
      datasetDigest: found.dataset_digest,
      recipe: found.recipe,
      finalTrainLoss: found.final_train_loss,
      finalValidationLoss: found.final_validation_loss,
      scoreBefore: found.score_before,
      scoreAfter: found.score_after,
      createdAt: found.created_at,
    }),
  );

export class AdapterStore {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  list(): StoredAdapter[] {
    return this.database.all(row, "SELECT * FROM adapters ORDER BY created_at DESC, id");
  }

  get(id: string): StoredAdapter | undefined {
    return this.database.get(row, "SELECT * FROM adapters WHERE id = @id", { id });
  }

  ofRun(runId: string): StoredAdapter | undefined {
    return this.database.get(row, "SELECT * FROM adapters WHERE run_id = @runId", { runId });
  }

  save(adapter: StoredAdapter): void {
    this.database.run(
      `INSERT OR REPLACE INTO adapters (id, name, path, digest, bytes, rank, alpha, architecture, origin, model_id, base_digest,
         run_id, dataset_id, dataset_digest, recipe, final_train_loss, final_validation_loss, score_before, score_after, created_at)
       VALUES (@id, @name, @path, @digest, @bytes, @rank, @alpha, @architecture, @origin, @modelId, @baseDigest,
         @runId, @datasetId, @datasetDigest, @recipe, @finalTrainLoss, @finalValidationLoss, @scoreBefore, @scoreAfter, @createdAt)`,
      {
        ...adapter,
        recipe: adapter.recipe && JSON.stringify(adapter.recipe),
        scoreBefore: adapter.scoreBefore && JSON.stringify(adapter.scoreBefore),
        scoreAfter: adapter.scoreAfter && JSON.stringify(adapter.scoreAfter),
      },
    );
  }

  rename(id: string, name: string): void {
    this.database.run("UPDATE adapters SET name = @name WHERE id = @id", { id, name });
  }

  setScores(id: string, before: Score, after: Score): void {
    this.database.run("UPDATE adapters SET score_before = @before, score_after = @after WHERE id = @id", {
      id,
      before: JSON.stringify(before),
      after: JSON.stringify(after),
    });
  }

  remove(id: string): void {
    this.database.run("DELETE FROM adapters WHERE id = @id", { id });
  }

  /** What a bare base scored on those rows, when it was asked before. */
  baseScore(baseDigest: string, rowsDigest: string): Score | undefined {
    return this.database.get(
      score,
      `SELECT rows, exact_match AS exactMatch FROM base_scores WHERE base_digest = @baseDigest AND rows_digest = @rowsDigest`,
      { baseDigest, rowsDigest },
    );
  }

  setBaseScore(baseDigest: string, rowsDigest: string, { rows, exactMatch }: Score): void {
    this.database.run(
      "INSERT OR REPLACE INTO base_scores (base_digest, rows_digest, rows, exact_match) VALUES (@baseDigest, @rowsDigest, @rows, @exactMatch)",
      { baseDigest, rowsDigest, rows, exactMatch },
    );
  }
}
