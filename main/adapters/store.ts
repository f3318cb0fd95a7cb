import { type Database, jsonColumn } from "@main/storage/database";
import { type AdapterRecord, passportSchema } from "@shared/models/adapter";
import { recipeSchema } from "@shared/models/recipe";
import { type Effect, type Score, type ScoreKind, scoreKindSchema } from "@shared/models/score";
import { z } from "zod";

/** An adapter as it is stored; whether its file is still there is asked each time. */
export interface StoredAdapter extends Omit<AdapterRecord, "missing" | "recipeDigest"> {
  readonly datasetId: string | null;
}

const share = z.number().nullable();
/** Earlier versions knew exact matches only. */
const score: z.ZodType<Score> = z.object({
  rows: z.int(),
  exactMatch: share,
  contains: share.default(null),
  jsonEqual: share.default(null),
  loss: share.default(null),
});

const effect: z.ZodType<Effect> = z.object({
  answersChanged: z.int(),
  answers: z.int(),
  generalLossBefore: z.number(),
  generalLossAfter: z.number(),
  generalTokens: z.int(),
});

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
    checkpoint_step: z.int().nullable(),
    dataset_id: z.string().nullable(),
    dataset_digest: z.string().nullable(),
    recipe: jsonColumn(recipeSchema).nullable(),
    final_train_loss: z.number().nullable(),
    final_validation_loss: z.number().nullable(),
    score_by: scoreKindSchema.nullable(),
    score_before: jsonColumn(score).nullable(),
    score_after: jsonColumn(score).nullable(),
    effect: jsonColumn(effect).nullable(),
    passport: jsonColumn(passportSchema).nullable(),
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
      checkpointStep: found.checkpoint_step,
      datasetId: found.dataset_id,
      datasetDigest: found.dataset_digest,
      recipe: found.recipe,
      finalTrainLoss: found.final_train_loss,
      finalValidationLoss: found.final_validation_loss,
      scoreBy: found.score_by,
      scoreBefore: found.score_before,
      scoreAfter: found.score_after,
      effect: found.effect,
      passport: found.passport,
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
    return this.database.get(row, "SELECT * FROM adapters WHERE run_id = @runId AND checkpoint_step IS NULL", {
      runId,
    });
  }

  ofCheckpoint(runId: string, step: number): StoredAdapter | undefined {
    return this.database.get(row, "SELECT * FROM adapters WHERE run_id = @runId AND checkpoint_step = @step", {
      runId,
      step,
    });
  }

  save(adapter: StoredAdapter): void {
    this.database.run(
      `INSERT OR REPLACE INTO adapters (id, name, path, digest, bytes, rank, alpha, architecture, origin, model_id, base_digest,
         run_id, checkpoint_step, dataset_id, dataset_digest, recipe, final_train_loss, final_validation_loss, score_by, score_before,
         score_after, effect, passport, created_at)
       VALUES (@id, @name, @path, @digest, @bytes, @rank, @alpha, @architecture, @origin, @modelId, @baseDigest,
         @runId, @checkpointStep, @datasetId, @datasetDigest, @recipe, @finalTrainLoss, @finalValidationLoss, @scoreBy, @scoreBefore,
         @scoreAfter, @effect, @passport, @createdAt)`,
      {
        ...adapter,
        recipe: adapter.recipe && JSON.stringify(adapter.recipe),
        passport: adapter.passport && JSON.stringify(adapter.passport),
        scoreBefore: adapter.scoreBefore && JSON.stringify(adapter.scoreBefore),
        scoreAfter: adapter.scoreAfter && JSON.stringify(adapter.scoreAfter),
        effect: adapter.effect && JSON.stringify(adapter.effect),
      },
    );
  }

  rename(id: string, name: string): void {
    this.database.run("UPDATE adapters SET name = @name WHERE id = @id", { id, name });
  }

  setScores(
    id: string,
    { scoreBy, before, after, effect }: { scoreBy: ScoreKind; before: Score; after: Score; effect: Effect },
  ): void {
    this.database.run(
      `UPDATE adapters SET score_by = @scoreBy, score_before = @before, score_after = @after, effect = @effect
       WHERE id = @id`,
      {
        id,
        scoreBy,
        before: JSON.stringify(before),
        after: JSON.stringify(after),
        effect: JSON.stringify(effect),
      },
    );
  }

  setScoreBy(id: string, scoreBy: ScoreKind): void {
    this.database.run("UPDATE adapters SET score_by = @scoreBy WHERE id = @id", { id, scoreBy });
  }

  remove(id: string): void {
    this.database.run("DELETE FROM adapters WHERE id = @id", { id });
  }

  /** What a bare base answered to a question, when it was asked before. */
  baseAnswer(baseDigest: string, questionDigest: string): string | undefined {
    return this.database.get(
      z.object({ answer: z.string() }),
      "SELECT answer FROM base_answers WHERE base_digest = @baseDigest AND question_digest = @questionDigest",
      { baseDigest, questionDigest },
    )?.answer;
  }

  setBaseAnswer(baseDigest: string, questionDigest: string, answer: string): void {
    this.database.run(
      `INSERT OR REPLACE INTO base_answers (base_digest, question_digest, answer)
       VALUES (@baseDigest, @questionDigest, @answer)`,
      { baseDigest, questionDigest, answer },
    );
  }
}
