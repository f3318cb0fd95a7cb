import { call, event } from "@shared/ipc/define";
import type { AdapterRecord, ImportedAdapter } from "@shared/models/adapter";
import { type GenerationEnd, type GenerationToken, generateRequestSchema } from "@shared/models/chat";
import type { KeptCheckpoint, RunProof } from "@shared/models/checkpoint";
import {
  type DatasetGuess,
  type DatasetMeasure,
  type DatasetRecord,
  datasetFormatSchema,
  type RenderedRow,
} from "@shared/models/dataset";
import type { Device, DeviceCheck } from "@shared/models/device";
import {
  type ExportPlan,
  type ExportProgress,
  type ExportResult,
  exportRequestSchema,
  exportWishSchema,
} from "@shared/models/export";
import {
  type MergePlan,
  type MergeProgress,
  type MergeResult,
  mergeEmbeddingSchema,
  mergeRequestSchema,
} from "@shared/models/merge";
import { choosableActivationSchema, type ModelRecord } from "@shared/models/model";
import { pathSchema } from "@shared/models/path";
import { type AdbState, type PhoneShare, phoneFileKindSchema } from "@shared/models/phone";
import { type Forecast, goalSchema, type Recipe, recipeSchema } from "@shared/models/recipe";
import type {
  MetricPoint,
  QueueState,
  RunEnding,
  RunHistory,
  RunLogLine,
  RunRecord,
  RunSample,
} from "@shared/models/run";
import { scoreKindSchema } from "@shared/models/score";
import { type Settings, settingsSchema } from "@shared/models/settings";
import { gridSchema, type SweepRecord } from "@shared/models/sweep";
import type { Verdict } from "@shared/models/verdict";
import { z } from "zod";

const nothing = z.void();
const idText = z.string().min(1).max(100);
const id = z.object({ id: idText });
const filePath = z.object({ path: pathSchema });
const step = z.int().min(1);
const name = z.string().trim().min(1).max(200);

export interface AppInfo {
  readonly version: string;
  readonly shell: "electron" | "served";
  readonly platform: string;
  readonly dataFolder: string;
  readonly homeFolder: string;
  readonly memoryBytes: number;
  readonly cores: number;
}

/** State of a process that main supervises. */
export interface EngineState {
  readonly role: "training" | "studio";
  readonly state: "starting" | "ready" | "busy" | "restarting" | "stopped";
  readonly lastError: { readonly code: string; readonly message: string; readonly hint: string } | null;
}

export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: "folder" | "file";
  readonly bytes: number;
}

/** What a new run is made of. */
const runPlan = z.object({ modelId: idText, datasetId: idText, goal: goalSchema, recipe: recipeSchema });

/** The whole conversation between the window and the services. */
export const contract = {
  app: {
    info: call(nothing).returns<AppInfo>(),
    engines: call(nothing).returns<readonly EngineState[]>(),
    engineChanged: event<EngineState>(),
    /** Lists a folder for the served shell's file picker, folders first. Hidden entries are left out. */
    browse: call(z.object({ folder: pathSchema.nullable(), extensions: z.array(z.string().max(20)).max(20) })).returns<{
      folder: string;
      parent: string | null;
      entries: readonly FolderEntry[];
    }>(),
    /** The native dialog in Electron; null where there is none (the window then browses) or the person cancelled. */
    pick: call(z.object({ kind: z.enum(["model", "dataset", "adapter", "folder"]) })).returns<{
      supported: boolean;
      path: string | null;
    }>(),
    reveal: call(filePath).returns<{ supported: boolean }>(),
  },
  devices: {
    /** `checks`: what the automatic choice has found out since the start, the newest of each device. */
    list: call(nothing).returns<{
      devices: readonly Device[];
      notes: readonly string[];
      checks: readonly DeviceCheck[];
    }>(),
    changed: event<DeviceCheck>(),
  },
  models: {
    list: call(nothing).returns<readonly ModelRecord[]>(),
    add: call(filePath).returns<ModelRecord>(),
    remove: call(id).returns<void>(),
    /** Overrides the activation of a BitNet model wherever Hone uses it; null goes back to what the file or its kind says. */
    chooseActivation: call(id.extend({ activation: choosableActivationSchema.nullable() })).returns<ModelRecord>(),
    changed: event<{ id: string }>(),
  },
  datasets: {
    list: call(nothing).returns<readonly DatasetRecord[]>(),
    guess: call(filePath.extend({ format: datasetFormatSchema.optional() })).returns<DatasetGuess>(),
    import: call(
      filePath.extend({ name: name.optional(), format: datasetFormatSchema.optional() }),
    ).returns<DatasetRecord>(),
    rename: call(id.extend({ name })).returns<DatasetRecord>(),
    remove: call(id).returns<void>(),
    /** Rows as one model will see them; `offset` counts usable rows. */
    preview: call(
      z.object({
        datasetId: idText,
        modelId: idText,
        offset: z.int().min(0),
        limit: z.int().min(1).max(100),
        contextLength: z.int().min(8).max(131_072),
      }),
    ).returns<{ rows: readonly RenderedRow[]; total: number }>(),
    measure: call(
      z.object({ datasetId: idText, modelId: idText, contextLength: z.int().min(8).max(131_072) }),
    ).returns<DatasetMeasure>(),
    changed: event<{ id: string }>(),
  },
  runs: {
    list: call(nothing).returns<readonly RunRecord[]>(),
    get: call(id).returns<RunRecord>(),
    /** The starting recipe for a goal, fitted to model and data. */
    suggest: call(z.object({ modelId: idText, datasetId: idText, goal: goalSchema })).returns<Recipe>(),
    /** `probe` measures speed on the real model for about a second. */
    forecast: call(runPlan.extend({ probe: z.boolean() })).returns<Forecast>(),
    /** `after`: behind that run instead of at the end of the queue. */
    start: call(
      runPlan.extend({ name: name.optional(), after: idText.optional(), scoreBy: scoreKindSchema.optional() }),
    ).returns<RunRecord>(),
    /** A new run like an old one, from the beginning; what `change` names is different. */
    repeat: call(id.extend({ change: recipeSchema.partial(), name: name.optional() })).returns<RunRecord>(),
    /** A run for each combination of the grid, in the queue as a group. */
    sweep: call(
      runPlan.extend({ grid: gridSchema, name: name.optional(), scoreBy: scoreKindSchema.optional() }),
    ).returns<SweepRecord>(),
    sweeps: call(nothing).returns<readonly SweepRecord[]>(),
    /** Its runs that are done stay. */
    cancelSweep: call(id).returns<SweepRecord>(),
    /** Puts a waiting run at a place of the queue, counted from 0; beyond the end is the end. */
    move: call(id.extend({ place: z.int().min(0).max(1_000_000) })).returns<RunRecord>(),
    queue: call(nothing).returns<QueueState>(),
    hold: call(z.object({ held: z.boolean() })).returns<QueueState>(),
    queueChanged: event<QueueState>(),
    pause: call(id).returns<RunRecord>(),
    /** `device`: where it goes on from now on, in place of where it began. */
    continue: call(id.extend({ device: z.literal("cpu").optional() })).returns<RunRecord>(),
    cancel: call(id).returns<RunRecord>(),
    remove: call(id).returns<void>(),
    rename: call(id.extend({ name, note: z.string().max(10_000).optional() })).returns<RunRecord>(),
    history: call(id).returns<RunHistory>(),
    /** What the run doctor says, the gravest first. */
    diagnose: call(id).returns<readonly Verdict[]>(),
    /** Its kept checkpoints, by step. */
    checkpoints: call(id).returns<readonly KeptCheckpoint[]>(),
    /** Deletes them all; a run that is not done keeps the one it goes on from. */
    dropCheckpoints: call(id).returns<void>(),
    /** A checkpoint was written, or let go of by the rule. */
    checkpointsChanged: event<{ id: string }>(),
    /** Makes an adapter of a checkpoint; the same one when asked for twice. */
    promote: call(id.extend({ step, name: name.optional() })).returns<AdapterRecord>(),
    /** What shows that the run is what an unbroken one would have been. */
    proof: call(id).returns<RunProof>(),
    /** Computes it again from a checkpoint, between two runs; without `step` from where it last went on. */
    prove: call(id.extend({ step: step.optional() })).returns<RunProof>(),
    proofChanged: event<{ id: string }>(),
    /** The record changed: state, position or progress. */
    changed: event<RunRecord>(),
    removed: event<{ id: string }>(),
    /** A run is done or failed, and was measured where that is wished: once, when there is nothing more to wait for. */
    ended: event<RunEnding>(),
    /** New since the last such news, in order, at most a few times a second. */
    grew: event<{
      id: string;
      metrics: readonly MetricPoint[];
      samples: readonly RunSample[];
      log: readonly RunLogLine[];
    }>(),
  },
  adapters: {
    list: call(nothing).returns<readonly AdapterRecord[]>(),
    /**
     * A GGUF adapter, the folder of one made with PEFT or MLX, or a bundle of Hone (folder or .zip). A bundle says itself for
     * which base it is; the others need `modelId`.
     */
    import: call(filePath.extend({ modelId: idText.optional(), name: name.optional() })).returns<ImportedAdapter>(),
    rename: call(id.extend({ name })).returns<AdapterRecord>(),
    remove: call(id).returns<void>(),
    /** Measures base and adapter on the dataset's held-out rows and on a neutral text; progress as news. */
    score: call(id).returns<AdapterRecord>(),
    /** What counts as a good answer from now on. */
    scoreBy: call(id.extend({ kind: scoreKindSchema })).returns<AdapterRecord>(),
    scoring: event<{ id: string; done: number; total: number }>(),
    changed: event<{ id: string }>(),
  },
  playground: {
    /** Starts one answer; text follows as news under the returned id. */
    generate: call(generateRequestSchema).returns<{ generationId: string }>(),
    stop: call(z.object({ generationId: idText })).returns<void>(),
    token: event<GenerationToken>(),
    end: event<GenerationEnd>(),
  },
  exports: {
    /** What exports would hold and weigh and what stands against them, in the order of the wishes. Writes nothing. */
    plan: call(
      z.object({ wishes: z.array(exportWishSchema).max(20), folder: pathSchema.nullable(), zip: z.boolean() }),
    ).returns<readonly ExportPlan[]>(),
    /** Answers when the export is whole, compared and sealed. */
    write: call(exportRequestSchema).returns<ExportResult>(),
    cancel: call(z.object({ adapterId: idText })).returns<void>(),
    progress: event<ExportProgress>(),
    /** What merging the adapter into its base would come to, for every type that can be kept. */
    mergePlans: call(z.object({ adapterId: idText, embedding: mergeEmbeddingSchema })).returns<readonly MergePlan[]>(),
    /** The same for a model, as if an adapter changed every matrix of its blocks. */
    mergePlansOfModel: call(z.object({ modelId: idText })).returns<readonly MergePlan[]>(),
    /** Writes base and adapter as one model file; see `MergeResult`. Fails with "merge.ternary" and what was measured for ternary types. */
    merge: call(mergeRequestSchema).returns<MergeResult>(),
    /** The merge then fails with "merge.stopped" and leaves nothing behind. */
    stopMerge: call(z.object({ adapterId: idText })).returns<void>(),
    merging: event<MergeProgress>(),
  },
  /** One adapter offered to the phones on the local network, while its sheet is open. */
  phone: {
    /** Ends what was shared before. */
    open: call(z.object({ adapterId: idText })).returns<PhoneShare>(),
    /** The sheet is still open; without this the share ends after a few minutes. */
    stay: call(id).returns<PhoneShare | null>(),
    choose: call(z.object({ address: z.string().max(100) })).returns<PhoneShare>(),
    /** A new address; the old one ends. */
    renew: call(nothing).returns<PhoneShare>(),
    prepare: call(z.object({ kind: phoneFileKindSchema })).returns<PhoneShare>(),
    close: call(id).returns<void>(),
    changed: event<PhoneShare>(),
    /** Looks for adb and the phones it sees. */
    adb: call(nothing).returns<AdbState>(),
    /** Copies a file of the share to a phone on a cable. */
    push: call(z.object({ serial: z.string().min(1).max(200), kind: phoneFileKindSchema })).returns<AdbState>(),
    adbChanged: event<AdbState>(),
  },
  settings: {
    get: call(nothing).returns<Settings>(),
    set: call(settingsSchema.partial()).returns<Settings>(),
    changed: event<Settings>(),
  },
} as const;

export type HoneContract = typeof contract;
