import { type Database, jsonColumn } from "@main/storage/database";
import { errorDataSchema } from "@shared/errors";
import { goalSchema, recipeSchema } from "@shared/models/recipe";
import { type RunProgress, type RunRecord, type RunState, runStates } from "@shared/models/run";
import { scoreKindSchema } from "@shared/models/score";
import { z } from "zod";

/** A run as it is stored; whether a checkpoint is there is asked each time. */
export interface StoredRun extends Omit<RunRecord, "resumable"> {
  /** Of the model file the run was trained on; set when it first starts. */
  readonly baseDigest: string | null;
  readonly datasetDigest: string;
  /** SHA-256 of the adapter as the run left it. */
  readonly adapterDigest: string | null;
  /** Plain text: every token is learned. Kept here since the dataset may be removed before the run ends. */
  readonly learnAll: boolean;
}

const progressSchema: z.ZodType<RunProgress> = z.object({
  step: z.int(),
  totalSteps: z.int(),
  phase: z.enum(["preparing", "training", "validating", "sampling", "saving"]),
  trainLoss: z.number().nullable(),
  validationLoss: z.number().nullable(),
  tokensPerSecond: z.number(),
  memoryBytes: z.number(),
  elapsedSeconds: z.number(),
  remainingSeconds: z.number().nullable(),
});

const row = z
  .object({
    id: z.string(),
    name: z.string(),
    note: z.string(),
    model_id: z.string(),
    base_digest: z.string().nullable(),
    dataset_id: z.string(),
    dataset_digest: z.string(),
    learn_all: z.int(),
    goal: goalSchema,
    recipe: jsonColumn(recipeSchema),
    state: z.enum(runStates),
    position: z.int(),
    created_at: z.string(),
    started_at: z.string().nullable(),
    finished_at: z.string().nullable(),
    progress: jsonColumn(progressSchema).nullable(),
    error: jsonColumn(errorDataSchema).nullable(),
    adapter_id: z.string().nullable(),
    adapter_digest: z.string().nullable(),
    sweep_id: z.string().nullable(),
    score_by: scoreKindSchema.nullable(),
    device: z.string().nullable(),
  })
  .transform(
    (found): StoredRun => ({
      id: found.id,
      name: found.name,
      note: found.note,
      modelId: found.model_id,
      baseDigest: found.base_digest,
      datasetId: found.dataset_id,
      datasetDigest: found.dataset_digest,
      learnAll: found.learn_all !== 0,
      goal: found.goal,
      recipe: found.recipe,
      state: found.state,
      position: found.position,
      createdAt: found.created_at,
      startedAt: found.started_at,
      finishedAt: found.finished_at,
      progress: found.progress,
      error: found.error,
      adapterId: found.adapter_id,
      adapterDigest: found.adapter_digest,
      sweepId: found.sweep_id,
      scoreBy: found.score_by,
      device: found.device,
    }),
  );

/** What changes in the life of a run. */
export type RunChanges = Partial<
  Pick<
    StoredRun,
    | "name"
    | "note"
    | "baseDigest"
    | "state"
    | "position"
    | "startedAt"
    | "finishedAt"
    | "progress"
    | "error"
    | "adapterId"
    | "adapterDigest"
    | "device"
  >
>;

export class RunStore {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  list(): StoredRun[] {
    return this.database.all(row, "SELECT * FROM runs ORDER BY created_at DESC, id");
  }

  get(id: string): StoredRun | undefined {
    return this.database.get(row, "SELECT * FROM runs WHERE id = @id", { id });
  }

  inState(state: RunState): StoredRun[] {
    return this.database.all(row, "SELECT * FROM runs WHERE state = @state ORDER BY position, created_at, id", {
      state,
    });
  }

  /** Runs that will still need their model. */
  unfinished(): StoredRun[] {
    return this.database.all(
      row,
      "SELECT * FROM runs WHERE state IN ('queued', 'running', 'paused') ORDER BY position",
    );
  }

  nextPosition(): number {
    const last = this.database.get(z.object({ last: z.int().nullable() }), "SELECT MAX(position) AS last FROM runs");
    return (last?.last ?? 0) + 1;
  }

  firstPosition(): number {
    const first = this.database.get(z.object({ first: z.int().nullable() }), "SELECT MIN(position) AS first FROM runs");
    return (first?.first ?? 1) - 1;
  }

  insert(run: StoredRun): void {
    this.database.run(
      `INSERT INTO runs (id, name, note, model_id, base_digest, dataset_id, dataset_digest, learn_all, goal, recipe, state, position,
         created_at, started_at, finished_at, progress, error, adapter_id, adapter_digest, sweep_id, score_by, device)
       VALUES (@id, @name, @note, @modelId, @baseDigest, @datasetId, @datasetDigest, @learnAll, @goal, @recipe, @state, @position,
         @createdAt, @startedAt, @finishedAt, @progress, @error, @adapterId, @adapterDigest, @sweepId, @scoreBy, @device)`,
      valuesOf(run),
    );
  }

  /** Returns the run as it is now. */
  update(id: string, changes: RunChanges): StoredRun {
    const old = this.get(id);
    if (!old) throw new Error(`run ${id} is gone`);
    const changed = { ...old, ...changes };
    this.database.run(
      `UPDATE runs SET name = @name, note = @note, base_digest = @baseDigest, state = @state, position = @position,
         started_at = @startedAt, finished_at = @finishedAt, progress = @progress, error = @error, adapter_id = @adapterId,
         adapter_digest = @adapterDigest, device = @device
       WHERE id = @id`,
      pick(valuesOf(changed), [
        "id",
        "name",
        "note",
        "baseDigest",
        "state",
        "position",
        "startedAt",
        "finishedAt",
        "progress",
        "error",
        "adapterId",
        "adapterDigest",
        "device",
      ]),
    );
    return changed;
  }

  /** All changes of `work` are stored or none. */
  together(work: () => void): void {
    this.database.transaction(work);
  }

  remove(id: string): void {
    this.database.run("DELETE FROM runs WHERE id = @id", { id });
  }
}

function valuesOf(run: StoredRun) {
  return {
    ...run,
    learnAll: run.learnAll ? 1 : 0,
    recipe: JSON.stringify(run.recipe),
    progress: run.progress && JSON.stringify(run.progress),
    error: run.error && JSON.stringify(run.error),
  };
}

function pick<T, K extends keyof T>(values: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, values[key]])) as Pick<T, K>;
}
