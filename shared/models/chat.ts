import { chatMessageSchema } from "@shared/models/dataset";
import { z } from "zod";

export const samplingSchema = z.object({
  /** 0 is greedy. */
  temperature: z.number().min(0).max(5),
  /** 0 keeps all. */
  topK: z.int().min(0).max(1_000_000),
  topP: z.number().gt(0).max(1),
  minP: z.number().min(0).max(1),
  /** 1 switches it off. */
  repetitionPenalty: z.number().min(0.1).max(10),
  seed: z.int().min(0).max(0xffff_ffff),
  maxTokens: z.int().min(1).max(32_768),
  stop: z.array(z.string().min(1).max(200)).max(16),
});
export type Sampling = z.infer<typeof samplingSchema>;

export const defaultSampling: Sampling = {
  temperature: 0.7,
  topK: 40,
  topP: 0.95,
  minP: 0.05,
  repetitionPenalty: 1,
  seed: 1,
  maxTokens: 256,
  stop: [],
};

/** An adapter at work; 0 switches it off, 1 is as trained. */
export const activeAdapterSchema = z.object({ adapterId: z.string().max(100), strength: z.number().min(-4).max(4) });
export type ActiveAdapter = z.infer<typeof activeAdapterSchema>;

/** What a run had learned at one of its checkpoints, at work as an adapter. */
export const activeCheckpointSchema = z.object({
  runId: z.string().max(100),
  step: z.int().min(1),
  strength: z.number().min(-4).max(4),
});
export type ActiveCheckpoint = z.infer<typeof activeCheckpointSchema>;

/** One pane's question to one model. */
export const generateRequestSchema = z.object({
  modelId: z.string().max(100),
  adapters: z.array(z.union([activeAdapterSchema, activeCheckpointSchema])).max(8),
  /** Ends with a user message; rendered with the model's template. */
  messages: z.array(chatMessageSchema).min(1).max(1000),
  sampling: samplingSchema,
});
export type GenerateRequest = z.infer<typeof generateRequestSchema>;

/** What produced an answer, as the engine reports it (never as the window assumes). */
export interface Provenance {
  readonly modelName: string;
  readonly adapters: readonly { readonly digest: string; readonly strength: number }[];
}

export interface GenerationToken {
  readonly generationId: string;
  /** Valid UTF-8; may be empty while a character is incomplete. */
  readonly text: string;
}

export interface GenerationEnd {
  readonly generationId: string;
  readonly reason: "end" | "stop-string" | "length" | "context" | "stopped" | "failed";
  readonly promptTokens: number;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  readonly promptTokensPerSecond: number;
  readonly provenance: Provenance | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
}
