import type { Database } from "@main/storage/database";
import { now } from "@main/storage/id";
import type { ProofResult, RunResume } from "@shared/models/checkpoint";
import { z } from "zod";

const checkpointRow = z.object({ step: z.int(), checksum: z.string(), time: z.string() });
type StoredCheckpoint = z.infer<typeof checkpointRow>;

const resumeRow = z
  .object({
    time: z.string(),
    step: z.int(),
    source: z.enum(["newest", "previous", "start"]),
    checksum: z.string().nullable(),
    written: z.string().nullable(),
  })
  .transform(({ source, ...found }): RunResume => ({ ...found, from: source }));

const proofRow = z
  .object({
    time: z.string(),
    from_step: z.int(),
    to_step: z.int(),
    checksum: z.string(),
    expected: z.string(),
    found: z.string(),
    seconds: z.number(),
  })
  .transform(({ from_step, to_step, ...found }): ProofResult => ({ ...found, fromStep: from_step, toStep: to_step }));

/** What was told about the checkpoints of a run: when they were written, read again, and computed from once more. */
export class CheckpointStore {
  constructor(private readonly database: Database) {}

  written(runId: string, step: number, checksum: string): void {
    this.database.run(
      "INSERT OR REPLACE INTO checkpoints (run_id, step, checksum, time) VALUES (@runId, @step, @checksum, @time)",
      { runId, step, checksum, time: now() },
    );
  }

  checkpoints(runId: string): StoredCheckpoint[] {
    return this.database.all(
      checkpointRow,
      "SELECT step, checksum, time FROM checkpoints WHERE run_id = @runId ORDER BY step",
      { runId },
    );
  }

  resumed(runId: string, { step, from, checksum }: Pick<RunResume, "step" | "from" | "checksum">): void {
    const written = this.checkpoints(runId).find((known) => known.step === step)?.checksum ?? null;
    this.database.run(
      `INSERT INTO resumes (run_id, time, step, source, checksum, written)
       VALUES (@runId, @time, @step, @from, @checksum, @written)`,
      { runId, time: now(), step, from, checksum, written },
    );
  }

  resumes(runId: string): RunResume[] {
    return this.database.all(
      resumeRow,
      "SELECT time, step, source, checksum, written FROM resumes WHERE run_id = @runId ORDER BY id",
      { runId },
    );
  }

  proved(runId: string, result: ProofResult): void {
    this.database.run(
      `INSERT INTO proofs (run_id, time, from_step, to_step, checksum, expected, found, seconds)
       VALUES (@runId, @time, @fromStep, @toStep, @checksum, @expected, @found, @seconds)`,
      { runId, ...result },
    );
  }

  proofs(runId: string): ProofResult[] {
    return this.database.all(
      proofRow,
      `SELECT time, from_step, to_step, checksum, expected, found, seconds FROM proofs WHERE run_id = @runId ORDER BY id`,
      { runId },
    );
  }
}
