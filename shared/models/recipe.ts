import { projections } from "@shared/models/model";
import { z } from "zod";

/** More than any machine takes, and far from where the engine's own counters end. */
const mostSteps = 1_000_000_000;

/** Everything that settles a run. Stored with the run and with its adapter; the same recipe and data give the same adapter. */
export const recipeSchema = z.object({
  rank: z.int().min(1).max(256),
  /** Ranks of single projections in place of `rank`; not together with `rankStabilised`. */
  ranks: z.partialRecord(z.enum(projections), z.int().min(1).max(256)).optional(),
  /** scale = alpha / rank, or alpha / √rank with `rankStabilised`. */
  alpha: z.number().min(0).max(4096),
  rankStabilised: z.boolean(),
  /** On the adapter's input only, 0 to 0.9. */
  dropout: z.number().min(0).max(0.9),
  /** α of NEFTune: uniform noise of ±α / √(tokens · width) on the embeddings while training, around 5; none when absent. */
  embeddingNoise: z.number().min(0).max(100).optional(),
  projections: z.array(z.enum(projections)).min(1).max(projections.length),
  learningRate: z.number().gt(0).max(1),
  schedule: z.enum(["constant", "linear", "cosine"]),
  /** Share of all steps spent warming up. */
  warmup: z.number().min(0).max(0.5),
  epochs: z.number().gt(0).max(1000),
  /** Ends the run early when set. */
  maxSteps: z.int().min(1).max(mostSteps).nullable(),
  /** Examples per optimiser step. */
  batchSize: z.int().min(1).max(4096),
  /** The batch is computed in this many parts to save memory. */
  accumulation: z.int().min(1).max(4096),
  /** Longest row in tokens; longer ones are cut. */
  contextLength: z.int().min(8).max(131_072),
  /** Several short rows share one sequence, without seeing each other. */
  packing: z.boolean(),
  clipNorm: z.number().min(0).max(1000),
  weightDecay: z.number().min(0).max(1),
  /** Keep only block inputs and compute the rest again: less memory, about a third more work. */
  activationCheckpointing: z.boolean(),
  /** Share of rows kept aside for the validation loss. */
  validationShare: z.number().min(0).max(0.5),
  /** Steps between validations, checkpoints and samples; 0 means only at the end. */
  validateEvery: z.int().min(0).max(mostSteps),
  checkpointEvery: z.int().min(0).max(mostSteps),
  sampleEvery: z.int().min(0).max(mostSteps),
  /**
   * Validations in a row without a lower loss after which the run ends; its adapter is then that of the lowest. Null, or left
   * out as in recipes of earlier versions: the run goes to its last step and keeps that.
   */
  patience: z.int().min(1).max(1000).nullish(),
  /** Minutes of work after which the run ends as if it had come to its last step. */
  maxMinutes: z.number().min(0.01).max(100_000).nullish(),
  seed: z.int().min(0).max(0xffff_ffff),
});
export type Recipe = z.infer<typeof recipeSchema>;

/** What a person wants; each is a starting recipe with a one-line explanation on screen. */
export const goals = ["format", "style", "knowledge", "try"] as const;
export const goalSchema = z.enum(goals);
export type Goal = z.infer<typeof goalSchema>;

/** What a run will cost, told before it starts. */
export interface Forecast {
  readonly steps: number;
  readonly tokensPerStep: number;
  readonly totalTokens: number;
  readonly trainableParameters: number;
  readonly peakBytes: number;
  readonly availableBytes: number;
  /** Measured on a short probe of the real model; null when no probe was asked for. */
  readonly tokensPerSecond: number | null;
  readonly seconds: number | null;
  /** Things the person should know before pressing start, in words. */
  readonly warnings: readonly string[];
  /** A run that would teach nothing or does not fit is not started. */
  readonly refusal: { readonly code: string; readonly message: string; readonly hint: string } | null;
}
