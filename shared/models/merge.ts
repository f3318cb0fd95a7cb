import type { LogitDistance } from "@shared/models/logits";
import { pathSchema } from "@shared/models/path";
import { z } from "zod";

/** What a merged model can be written as, the most exact first. "_m" and "_s" are mixes that give a few matrices a better type. */
export const mergeTypes = [
  "f32",
  "f16",
  "bf16",
  "q8_0",
  "q6_k",
  "q5_k_m",
  "q5_k_s",
  "q5_1",
  "q5_0",
  "q4_k_m",
  "q4_k_s",
  "q4_1",
  "q4_0",
  "q3_k_s",
  "q2_k",
] as const;

/** Rounding to -1, 0, +1 destroys an adapter or its base: these are measured, and then refused with what was found. */
export const ternaryMergeTypes = ["tq2_0", "tq1_0"] as const;

export const mergeTypeSchema = z.enum([...mergeTypes, ...ternaryMergeTypes]);
export type MergeType = z.infer<typeof mergeTypeSchema>;

/** Embedding and head, where no adapter changes them: as they are, or in the type that the target has for them. */
export const mergeEmbeddingSchema = z.enum(["keep", "shrink"]);
export type MergeEmbedding = z.infer<typeof mergeEmbeddingSchema>;

export const mergeRequestSchema = z.object({
  adapterId: z.string().max(100),
  /** An existing folder; the file gets a name of its own inside. */
  folder: pathSchema,
  type: mergeTypeSchema,
  embedding: mergeEmbeddingSchema,
  /** 1 is as trained. */
  strength: z.number().min(-10).max(10),
});
export type MergeRequest = z.infer<typeof mergeRequestSchema>;

/** What a merge would write, known before the first byte. */
export interface MergePlan {
  readonly type: MergeType;
  readonly fileBytes: number;
  /** Matrices that the adapter changes. */
  readonly changed: number;
  readonly types: readonly { readonly dtype: string; readonly tensors: number; readonly bytes: number }[];
  /** In words: what is stored otherwise than asked for, and why. */
  readonly notes: readonly string[];
}

/** The written file, opened again, against base and adapter as they work together; activations are not rounded. */
export interface MergeCheck {
  readonly merged: LogitDistance;
  /** The same of the base without the adapter: what the adapter itself changes. */
  readonly base: LogitDistance;
}

export interface MergeProgress {
  readonly adapterId: string;
  readonly stage: "writing" | "checking" | "finishing";
  /** Of the stage, 0 to 1. */
  readonly done: number;
}

export interface MergeResult {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hex. */
  readonly digest: string;
  readonly plan: MergePlan;
  readonly check: MergeCheck;
  /** In words: what the person should know before giving the file away. */
  readonly warnings: readonly string[];
}
