import type { NativeAdapterInfo } from "@shared/engine/addon";
import { call, event } from "@shared/ipc/define";
import { samplingSchema } from "@shared/models/chat";
import { chatMessageSchema, type RenderedRow, type RowProblem } from "@shared/models/dataset";
import type { Device, DeviceCheck } from "@shared/models/device";
import type { LogitDistance } from "@shared/models/logits";
import { type MergeCheck, type MergePlan, mergeEmbeddingSchema, mergeTypeSchema } from "@shared/models/merge";
import { choosableActivationSchema, type ModelInfo } from "@shared/models/model";
import { recipeSchema } from "@shared/models/recipe";
import type { MetricPoint, RunLogLine, RunProgress, RunSample } from "@shared/models/run";
import { z } from "zod";

/** How a model is opened; the host keeps models open by this value and closes the least recently used ones. */
export const modelRefSchema = z.object({
  path: z.string().min(1),
  /** "auto": the best GPU that trains the model as the CPU does, and that is not `forbidden`; else the CPU. */
  device: z.string(),
  forbidden: z.array(z.string()).optional(),
  threads: z.int().min(0),
  activation: choosableActivationSchema.optional(),
});
export type ModelRef = z.infer<typeof modelRefSchema>;

export const conversationSchema = z.object({ line: z.int(), messages: z.array(chatMessageSchema) });

const adapterRef = z.object({ path: z.string(), strength: z.number() });

/** `learnAll` is for plain text datasets: every token is learned and no template is used. */
const encodeInput = z.object({
  model: modelRefSchema,
  conversations: z.array(conversationSchema),
  contextLength: z.int(),
  learnAll: z.boolean(),
});

export interface EncodedRow {
  readonly line: number;
  readonly tokens: Int32Array;
  readonly mask: Uint8Array;
  readonly problem: RowProblem | null;
  readonly cut: boolean;
}

/** A model with an adapter file at full strength; null: the bare base. */
const comparedSide = z.object({ model: modelRefSchema, adapter: z.string().nullable() });

const mergeInput = z.object({
  model: modelRefSchema,
  adapters: z.array(adapterRef),
  type: mergeTypeSchema,
  embedding: mergeEmbeddingSchema,
  metadata: z.record(z.string(), z.string()),
});

/** A row set on disk: too large for a message, and needed again when a run continues. */
const rowsFile = z.object({ path: z.string() });

/** Everything a training run needs; paths are settled by main. */
const trainInput = z.object({
  runId: z.string(),
  model: modelRefSchema,
  recipe: recipeSchema,
  /** JSONL of conversations, one per line, already split. */
  trainFile: rowsFile,
  validationFile: rowsFile,
  learnAll: z.boolean(),
  checkpointPath: z.string(),
  resume: z.boolean(),
  /** Every checkpoint stays here, too. */
  keepFolder: z.string().optional(),
  /** Ends the run at this step as if it had been the last. */
  lastStep: z.int().min(1).optional(),
  /** Share of the time to compute in. */
  duty: z.number().min(0.01).max(1),
  /** Of work before this stretch, which a time limit counts too. */
  secondsBefore: z.number().min(0),
  adapterPath: z.string(),
  metadata: z.record(z.string(), z.string()),
  samplePrompts: z.array(z.object({ messages: z.array(chatMessageSchema), expected: z.string().nullable() })),
});
export type TrainInput = z.infer<typeof trainInput>;

/** Main ⇄ engine host. The same channel code as the window's contract. */
export const engineContract = {
  engine: {
    devices: call(z.void()).returns<{ devices: readonly Device[]; notes: readonly string[] }>(),
    inspect: call(
      z.object({ path: z.string(), activation: choosableActivationSchema.optional() }),
    ).returns<ModelInfo>(),
    inspectAdapter: call(z.object({ path: z.string() })).returns<NativeAdapterInfo>(),
    /** Answers quickly while the host is healthy; main kills a host that stays silent. */
    ping: call(z.void()).returns<void>(),
    closeModel: call(z.object({ path: z.string() })).returns<void>(),
    /** The automatic choice has put a device to the test. */
    deviceChecked: event<DeviceCheck>(),
  },
  models: {
    /** Writes the model again in parts, see `Addon.splitModel`. */
    split: call(z.object({ source: z.string(), stem: z.string(), partBytes: z.int() })).returns<{
      paths: readonly string[];
    }>(),
    /** Texts of the model's chat template for some conversations, as prompts for the next answer. */
    prompts: call(z.object({ model: modelRefSchema, conversations: z.array(z.array(chatMessageSchema)) })).returns<{
      texts: readonly string[];
      /** What a tokenizer adds in front by itself; "" for nothing. */
      bos: string;
    }>(),
  },
  data: {
    encode: call(encodeInput).returns<{ rows: readonly EncodedRow[]; template: string; warnings: readonly string[] }>(),
    render: call(encodeInput).returns<{
      rows: readonly RenderedRow[];
      template: string;
      warnings: readonly string[];
    }>(),
  },
  train: {
    forecast: call(z.object({ model: modelRefSchema, recipe: recipeSchema, totalSteps: z.int() })).returns<{
      peakBytes: number;
      trainableParameters: number;
    }>(),
    /** Tokens per second of a few optimiser steps on random tokens of the given row length; nothing is written. */
    probe: call(
      z.object({ model: modelRefSchema, recipe: recipeSchema, rowTokens: z.int(), seconds: z.number() }),
    ).returns<{
      tokensPerSecond: number;
    }>(),
    start: call(trainInput).returns<void>(),
    /** Answers when the run has stopped and, with `checkpoint`, its state is on disk. */
    stop: call(z.object({ runId: z.string(), how: z.enum(["checkpoint", "discard"]) })).returns<void>(),
    /** Share of the time that a run may compute in from now on. */
    pace: call(z.object({ runId: z.string(), duty: z.number().min(0.01).max(1) })).returns<void>(),
    /** A checkpoint is whole on the disk. */
    checkpoint: event<{ runId: string; step: number; checksum: string; kept: boolean }>(),
    /** Where a run that was to go on does so, and the checksum that its state was found to have. */
    resumed: event<{ runId: string; step: number; checksum: string; from: "newest" | "previous" | "start" }>(),
    /** Where the run is computed, before its first step. */
    device: event<{ runId: string; device: string }>(),
    progress: event<{ runId: string; progress: RunProgress }>(),
    grew: event<{
      runId: string;
      metrics: readonly MetricPoint[];
      samples: readonly RunSample[];
      log: readonly RunLogLine[];
    }>(),
    ended: event<{
      runId: string;
      end: "finished" | "stopped" | "failed";
      error: { code: string; message: string; hint: string; details?: Record<string, unknown> } | null;
    }>(),
  },
  checkpoints: {
    /** Writes the adapter as it was at a checkpoint of a run. */
    adapter: call(
      z.object({
        model: modelRefSchema,
        recipe: recipeSchema,
        checkpoint: z.string(),
        target: z.string(),
        metadata: z.record(z.string(), z.string()),
      }),
    ).returns<{ step: number; checksum: string }>(),
  },
  evaluate: {
    /** Sums over the learned tokens of the conversations: -log p, and how many there are. Rows that teach nothing count nothing. */
    loss: call(encodeInput.extend({ adapters: z.array(adapterRef) })).returns<{ loss: number; tokens: number }>(),
  },
  chat: {
    generate: call(
      z.object({
        generationId: z.string(),
        model: modelRefSchema,
        adapters: z.array(adapterRef),
        messages: z.array(chatMessageSchema),
        sampling: samplingSchema,
      }),
    ).returns<void>(),
    stop: call(z.object({ generationId: z.string() })).returns<void>(),
    token: event<{ generationId: string; text: string }>(),
    end: event<{
      generationId: string;
      reason: "end" | "stop-string" | "length" | "context" | "stopped" | "failed";
      text: string;
      promptTokens: number;
      tokens: number;
      tokensPerSecond: number;
      promptTokensPerSecond: number;
      /** Paths and strengths of the adapters that the engine applied. */
      adapters: readonly { path: string; strength: number }[];
      error: { code: string; message: string; hint: string } | null;
    }>(),
  },
  adapters: {
    convert: call(
      z.object({
        source: z.string(),
        target: z.string(),
        type: z.enum(["f32", "f16"]),
        metadata: z.record(z.string(), z.string()),
      }),
    ).returns<void>(),
    /** Converts a PEFT or MLX folder into a GGUF adapter for the model; `notices` say in words what was dropped. */
    importFolder: call(
      z.object({ model: modelRefSchema, folder: z.string(), target: z.string(), name: z.string() }),
    ).returns<{ notices: readonly string[] }>(),
    /** Writes the two files of a PEFT adapter into an existing folder. */
    exportPeft: call(
      z.object({ model: modelRefSchema, source: z.string(), folder: z.string(), baseName: z.string() }),
    ).returns<{ notices: readonly string[] }>(),
    /** How far the logits of the right side are from those of the left one, on given tokens. */
    compare: call(
      z.object({
        tokens: z.array(z.int()),
        left: comparedSide,
        right: comparedSide,
        /** `exact` leaves out the rounding of ternary models, where a tiny difference can flip a code and so become a large one. */
        activations: z.enum(["exact", "rounded"]).optional(),
      }),
    ).returns<LogitDistance>(),
    /** Names of the matrices it changes, without block numbers ("attn_q"), and how many tensors it has. */
    describe: call(z.object({ path: z.string() })).returns<{ targets: readonly string[]; tensors: number }>(),
    /** Fails with "adapter.*" when the adapter does not fit the model. */
    check: call(z.object({ model: modelRefSchema, path: z.string() })).returns<NativeAdapterInfo>(),
  },
  merge: {
    /** What each of `types` would come to; nothing is written. */
    plan: call(
      mergeInput.omit({ type: true, metadata: true }).extend({
        types: z.array(mergeTypeSchema),
        /** As if an adapter changed every matrix of the blocks, for a model that has none yet. */
        assumeChanged: z.boolean().optional(),
      }),
    ).returns<readonly MergePlan[]>(),
    /** Writes `target` whole or not at all, opens it again and compares its logits on `checkTokens`. What to make of them is main's. */
    write: call(
      mergeInput.extend({ mergeId: z.string(), target: z.string().min(1), checkTokens: z.array(z.int()) }),
    ).returns<{ plan: MergePlan; check: MergeCheck }>(),
    /** The write then fails with "merge.stopped". */
    stop: call(z.object({ mergeId: z.string() })).returns<void>(),
    progress: event<{ mergeId: string; stage: "writing" | "checking"; done: number }>(),
  },
  logits: {
    /** Writes float32 [tokens, vocabulary] as .npy. */
    write: call(
      z.object({
        model: modelRefSchema,
        tokens: z.array(z.int()),
        adapters: z.array(adapterRef),
        activations: z.enum(["exact", "rounded"]).optional(),
        out: z.string(),
      }),
    ).returns<{ tokens: number; vocabulary: number }>(),
  },
} as const;

export type EngineContract = typeof engineContract;
