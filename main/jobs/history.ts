import type { Database } from "@main/storage/database";
import type { MetricPoint, RunHistory, RunLogLine, RunSample } from "@shared/models/run";
import { z } from "zod";

/** What a run has told about itself, in order. */
export interface Growth {
  readonly metrics: readonly MetricPoint[];
  readonly samples: readonly RunSample[];
  readonly log: readonly RunLogLine[];
}

const metricRow = z
  .object({
    step: z.int(),
    train_loss: z.number(),
    validation_loss: z.number().nullable(),
    learning_rate: z.number(),
    gradient_norm: z.number(),
    tokens: z.int(),
    tokens_per_second: z.number(),
    memory_bytes: z.number(),
    elapsed_seconds: z.number(),
  })
  .transform(
    (found): MetricPoint => ({
      step: found.step,
      trainLoss: found.train_loss,
      validationLoss: found.validation_loss,
      learningRate: found.learning_rate,
      gradientNorm: found.gradient_norm,
      tokens: found.tokens,
      tokensPerSecond: found.tokens_per_second,
      memoryBytes: found.memory_bytes,
      elapsedSeconds: found.elapsed_seconds,
    }),
  );
const sampleRow = z
  .object({ step: z.int(), prompt: z.string(), answer: z.string(), expected: z.string().nullable() })
  .transform(({ answer, ...found }): RunSample => ({ ...found, text: answer }));
const logRow = z
  .object({ time: z.string(), level: z.enum(["info", "warning", "error"]), line: z.string() })
  .transform(({ line, ...found }): RunLogLine => ({ ...found, text: line }));

/** Curve, sample answers and log of each run. */
export class RunHistories {
  constructor(private readonly database: Database) {}

  read(runId: string): RunHistory {
    const id = { id: runId };
    return {
      metrics: this.database.all(metricRow, "SELECT * FROM metrics WHERE run_id = @id ORDER BY step", id),
      samples: this.database.all(
        sampleRow,
        "SELECT step, prompt, answer, expected FROM samples WHERE run_id = @id ORDER BY step, id",
        id,
      ),
      log: this.database.all(logRow, "SELECT time, level, line FROM log WHERE run_id = @id ORDER BY id", id),
    };
  }

  /**
   * A step that is told again, with its validation loss, replaces what was there. A run that went back to a checkpoint tells steps
   * again: what it had told from `forgetFrom` on is deleted first.
   */
  append(runId: string, { metrics, samples, log }: Growth, forgetFrom?: number): void {
    this.database.transaction(() => {
      if (forgetFrom !== undefined) {
        const from = { runId, step: forgetFrom };
        this.database.run("DELETE FROM metrics WHERE run_id = @runId AND step >= @step", from);
        this.database.run("DELETE FROM samples WHERE run_id = @runId AND step >= @step", from);
      }
      for (const point of metrics) {
        this.database.run(
          `INSERT OR REPLACE INTO metrics (run_id, step, train_loss, validation_loss, learning_rate, gradient_norm, tokens,
             tokens_per_second, memory_bytes, elapsed_seconds)
           VALUES (@runId, @step, @trainLoss, @validationLoss, @learningRate, @gradientNorm, @tokens, @tokensPerSecond, @memoryBytes,
             @elapsedSeconds)`,
          { runId, ...point },
        );
      }
      for (const { step, prompt, text, expected } of samples) {
        this.database.run(
          "INSERT INTO samples (run_id, step, prompt, answer, expected) VALUES (@runId, @step, @prompt, @text, @expected)",
          { runId, step, prompt, text, expected },
        );
      }
      for (const { time, level, text } of log) {
        this.database.run("INSERT INTO log (run_id, time, level, line) VALUES (@runId, @time, @level, @text)", {
          runId,
          time,
          level,
          text,
        });
      }
    });
  }

  /** Seconds of work up to and including the last step before `step`; 0 when there is none. */
  elapsedBefore(runId: string, step: number): number {
    const found = this.database.get(
      z.object({ elapsed: z.number().nullable() }),
      "SELECT MAX(elapsed_seconds) AS elapsed FROM metrics WHERE run_id = @runId AND step < @step",
      { runId, step },
    );
    return found?.elapsed ?? 0;
  }

  /** With the lowest validation loss after the first step; null where nothing was validated. */
  bestStep(runId: string): number | null {
    const found = this.database.get(
      z.object({ step: z.int() }),
      `SELECT step FROM metrics WHERE run_id = @runId AND step > 0 AND validation_loss IS NOT NULL
       ORDER BY validation_loss, step LIMIT 1`,
      { runId },
    );
    return found?.step ?? null;
  }

  lossesAt(runId: string, step: number): { readonly trainLoss: number | null; readonly validationLoss: number | null } {
    const found = this.database.get(
      z.object({ train: z.number(), validation: z.number().nullable() }),
      "SELECT train_loss AS train, validation_loss AS validation FROM metrics WHERE run_id = @runId AND step = @step",
      { runId, step },
    );
    return { trainLoss: found?.train ?? null, validationLoss: found?.validation ?? null };
  }

  /** For the adapter's card: the losses of the last step, or, where the best is kept, of the lowest validation. */
  finalLosses(runId: string, best: boolean): { readonly train: number | null; readonly validation: number | null } {
    const first = (column: string, order: string) =>
      this.database.get(
        z.object({ loss: z.number() }),
        `SELECT ${column} AS loss FROM metrics WHERE run_id = @runId AND ${column} IS NOT NULL ORDER BY ${order} LIMIT 1`,
        { runId },
      )?.loss ?? null;
    const order = best ? "validation_loss IS NULL, validation_loss, step" : "step DESC";
    return { train: first("train_loss", order), validation: first("validation_loss", order) };
  }
}
