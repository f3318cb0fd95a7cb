import type { Sampling } from "@shared/models/chat";
import type { Device } from "@shared/models/device";
import type { LogitDistance } from "@shared/models/logits";
import type { MergeEmbedding, MergePlan, MergeType } from "@shared/models/merge";
import type { ChoosableActivation, ModelInfo, Projection } from "@shared/models/model";
import type { Recipe } from "@shared/models/recipe";

/**
 * The shape of `hone.node`. It does no policy: settled values in, typed results and errors out. Long work runs on C++ threads
 * and comes back as promises and callbacks on the JavaScript thread. Errors carry `code`, `message` and `hint`.
 */
export interface Addon {
  readonly version: string;
  devices(): { devices: Device[]; notes: string[] };
  /** Reads header and metadata only. */
  inspect(path: string, options?: { activation?: ChoosableActivation }): Promise<ModelInfo>;
  openModel(path: string, options: OpenOptions): Promise<NativeModel>;
  /** Reads an adapter file without a base. */
  inspectAdapter(path: string): Promise<NativeAdapterInfo>;
  /** Copies an adapter with its matrices in another type and `metadata` strings added; the file appears whole or not at all. */
  convertAdapter(
    source: string,
    target: string,
    options: { type: "f32" | "f16"; metadata: Record<string, string> },
  ): Promise<void>;
  /** Writes float32 matrices as a GGUF adapter that appears whole or not at all; whether it fits a model is found by opening it. */
  writeAdapter(path: string, adapter: NativeAdapterContent): Promise<void>;
  /**
   * Writes a model again as parts of at most `partBytes` ("STEM-00001-of-0000N.gguf"; "STEM.gguf" when one is enough) and gives
   * their paths. Each part appears whole or not at all.
   */
  splitModel(source: string, stem: string, partBytes: number): Promise<string[]>;
  /** Every tensor of a GGUF file, or of all shards when it is the first, as float32, or those whose names end with `suffix`. */
  readTensors(path: string, suffix?: string): Promise<NativeTensor[]>;
  /** Checks the header of a GGUF file that lies in memory. Throws "gguf.*". */
  parseHeader(bytes: Uint8Array): { keys: number; tensors: number };
  /** Float32 values, whole blocks, in the blocks of a type by its name ("Q4_K"), and back. */
  encodeBlocks(type: string, values: Float32Array): Uint8Array;
  decodeBlocks(type: string, bytes: Uint8Array): Float32Array;
}

/** A matrix as numbers. `shape` has the contiguous axis first, as GGUF files have it. */
export interface NativeTensor {
  readonly name: string;
  /** Type in the file. */
  readonly type: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface NativeAdapterContent {
  readonly architecture: string;
  readonly name: string;
  /** 0: the scale is the strength alone; else each pair's is strength · alpha / rank. */
  readonly alpha: number;
  readonly metadata: Record<string, string>;
  readonly tensors: readonly Omit<NativeTensor, "type">[];
}

export interface OpenOptions {
  /** One of `devices()`, or "reference": slow, for checking the others. */
  readonly device: string;
  /** 0 means all cores. */
  readonly threads: number;
  /** Overrides the activation where a BitNet file does not say. */
  readonly activation?: ChoosableActivation;
}

export interface NativeAdapterInfo {
  readonly architecture: string;
  readonly name: string;
  readonly rank: number;
  readonly alpha: number;
  readonly parameters: number;
  readonly notices: readonly string[];
}

export interface NativeModelInfo extends ModelInfo {
  /** Rows of q and k stand in another order than in Hugging Face files, and so do those of adapters. */
  readonly permutedQk: boolean;
}

/** A model in memory. `close` frees it once work in progress has ended. */
export interface NativeModel {
  readonly info: NativeModelInfo;
  tokenize(text: string, options: { addSpecial: boolean; parseSpecial: boolean }): TokenizedText;
  decode(tokens: Int32Array, options: { showSpecial: boolean }): string;
  /** `texts` holds the texts of those that the file has: bos, eos, eot, unk, pad. */
  specialTokens(): {
    bos: number | null;
    eos: number | null;
    eot: number | null;
    endOfGeneration: number[];
    addBos: boolean;
    /** Other engines delete some spaces before punctuation when they show text of this vocabulary; Hone never does. */
    cleansSpacesElsewhere: boolean;
    texts: Record<string, string>;
  };
  /** Checks the adapter against this model. The handle works with this model only, and does not keep it open. */
  openAdapter(path: string): Promise<NativeAdapter>;
  /** Float32 logits, row-major [tokens, vocabulary]. */
  logits(
    tokens: Int32Array,
    options: { adapters: readonly NativeActiveAdapter[]; activations?: "exact" | "rounded" },
  ): Promise<Float32Array>;
  /**
   * `onText` receives the answer in pieces of valid UTF-8, several tokens at once when JavaScript is busy. When it throws, the
   * answer ends and `done` rejects with what was thrown.
   */
  generate(request: NativeGenerateRequest, onText: (text: string) => void): NativeGeneration;
  /** Peak bytes of a training run whose rows fill `contextLength`, from shapes alone; lower it to the longest row that there is. */
  forecast(recipe: NativeRecipe): { peakBytes: number; trainableParameters: number };
  /** How far the logits of `other` are from those of this model with `adapters`. `onProgress` hears tokens done and in all. */
  compare(request: NativeCompareRequest, onProgress: (done: number, total: number) => void): NativeWork<LogitDistance>;
  /** What `merge` would write, from shapes alone; `assumeChanged` takes every matrix of the blocks as changed by an adapter. */
  planMerge(request: NativeMergeRequest & { assumeChanged?: boolean }): NativeMergePlan;
  /** Writes this model with the adapters merged in; the file appears whole or not at all. `onProgress` hears bytes. */
  merge(
    request: NativeMergeRequest & { target: string },
    onProgress: (done: number, total: number) => void,
  ): NativeWork<NativeMergePlan>;
  /** Mean loss of one sequence and its gradients with respect to the adapter, for checking the engine. */
  gradients(request: NativeGradientRequest): Promise<{ loss: number; norm: number; tensors: NativeTensor[] }>;
  /** The adapter after AdamW steps on one sequence; losses before each step and after the last. The adapter stays as it is. */
  steps(
    request: NativeGradientRequest & { optimiser: NativeOptimiser },
  ): Promise<{ losses: number[]; tensors: NativeTensor[] }>;
  train(request: NativeTrainRequest, observer: TrainObserver): NativeTraining;
  /** Sums over the learned tokens of rows, each read by itself: -log p, how many there are, how many are the likeliest token. */
  evaluate(
    rows: NativeRows,
    options: { adapters: readonly NativeActiveAdapter[] },
  ): Promise<{ loss: number; targets: number; correct: number }>;
  /** Writes the adapter as it was at a checkpoint: the bytes that a run of that recipe leaves when it ends at this step. */
  checkpointAdapter(request: {
    readonly checkpointPath: string;
    readonly recipe: NativeRecipe;
    readonly adapterPath: string;
    readonly metadata: Record<string, string>;
  }): Promise<{ step: number; checksum: string }>;
  close(): void;
}

/** Token ids and, for each token, the byte range [begin, end) of the UTF-8 text it stands for. */
export interface TokenizedText {
  readonly ids: Int32Array;
  readonly begin: Int32Array;
  readonly end: Int32Array;
}

export interface NativeAdapter {
  readonly info: NativeAdapterInfo;
  close(): void;
}

export interface NativeActiveAdapter {
  readonly adapter: NativeAdapter;
  readonly strength: number;
}

/** Work on a thread of its own. */
export interface NativeWork<Result> {
  readonly done: Promise<Result>;
  /** `done` then rejects with a code that ends in ".stopped", unless the work was already through. */
  stop(): void;
}

export interface NativeCompareRequest {
  readonly tokens: Int32Array;
  readonly adapters: readonly NativeActiveAdapter[];
  /** Without a model of its own, this one with other adapters. */
  readonly other: { readonly model?: NativeModel; readonly adapters: readonly NativeActiveAdapter[] };
  readonly activations?: "exact" | "rounded";
}

export interface NativeMergeRequest {
  readonly adapters: readonly NativeActiveAdapter[];
  readonly type: MergeType;
  readonly embedding: MergeEmbedding;
  /** String keys, added or replaced. */
  readonly metadata: Record<string, string>;
}

export type NativeMergePlan = Omit<MergePlan, "type">;

export interface NativeGradientRequest {
  readonly tokens: Int32Array;
  /** 1 on the tokens that are learned. */
  readonly mask: Uint8Array;
  readonly adapter: NativeAdapter;
  readonly activations?: "exact" | "rounded";
}

export interface NativeOptimiser {
  readonly steps: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

export interface NativeGenerateRequest {
  readonly prompt: Int32Array;
  readonly adapters: readonly NativeActiveAdapter[];
  readonly sampling: Sampling;
}

export interface NativeGeneration {
  /** Resolves when the answer ends; rejects with the engine's error. */
  readonly done: Promise<NativeGenerationResult>;
  /** Ends the answer at the next token. */
  stop(): void;
}

export interface NativeGenerationResult {
  readonly reason: "end" | "stop-string" | "length" | "context" | "stopped";
  /** Of the answer, without the token that ended it. */
  readonly tokens: Int32Array;
  readonly promptTokens: number;
  readonly promptSeconds: number;
  readonly decodeSeconds: number;
  /** Strengths of the adapters that were really applied, in the order of the request. */
  readonly strengths: readonly number[];
}

/**
 * A recipe as the engine takes it: shares resolved to steps by the caller. The batch is computed in equal parts, at least
 * `accumulation` of them: where that does not divide `batchSize`, in the next larger number that does.
 */
export interface NativeRecipe
  extends Pick<
    Recipe,
    | "rank"
    | "ranks"
    | "alpha"
    | "rankStabilised"
    | "dropout"
    | "embeddingNoise"
    | "learningRate"
    | "schedule"
    | "batchSize"
    | "accumulation"
    | "contextLength"
    | "packing"
    | "clipNorm"
    | "weightDecay"
    | "activationCheckpointing"
    | "seed"
  > {
  readonly projections: readonly Projection[];
  readonly totalSteps: number;
  readonly warmupSteps: number;
  /** Steps between; 0 means only at the end. */
  readonly validateEvery: number;
  readonly checkpointEvery: number;
  /** Validations in a row without a lower loss that end the run; 0 switches it off. */
  readonly patience: number;
}

/** Rows laid end to end: row i is tokens[offsets[i] … offsets[i+1]); mask 1 marks tokens that are learned. */
export interface NativeRows {
  readonly tokens: Int32Array;
  readonly mask: Uint8Array;
  readonly offsets: Int32Array;
}

export interface NativeTrainRequest {
  readonly recipe: NativeRecipe;
  readonly train: NativeRows;
  readonly validation: NativeRows;
  /** Written atomically during the run; read at the start when `resume`. */
  readonly checkpointPath: string;
  readonly resume: boolean;
  /** Every checkpoint stays here too, as "STEP.gguf", until somebody removes it. */
  readonly keepFolder?: string;
  /** The run ends at this step as if it had been its last; 0 or absent: at the recipe's own end. */
  readonly lastStep?: number;
  /** See `NativeTraining.pace`; 1 when absent. */
  readonly duty?: number;
  /** The finished adapter, and the string metadata stored in it. */
  readonly adapterPath: string;
  readonly metadata: Record<string, string>;
}

/** Called on the JavaScript thread, in order. When one throws, the run stops and `done` rejects with what was thrown. */
export interface TrainObserver {
  onStep(step: NativeStep): void;
  onValidation(result: { step: number; loss: number; tokenAccuracy: number }): void;
  onLog(level: "info" | "warning", text: string): void;
  /** A checkpoint is whole on the disk. `kept`: it lies in the folder for all of them, too. */
  onCheckpoint?(checkpoint: NativeCheckpoint & { kept: boolean }): void;
  /** Where a run that was to go on does so; its content was found to match the checksum. From the start there is none. */
  onResume?(resume: NativeCheckpoint & { from: "newest" | "previous" | "start" }): void;
}

export interface NativeCheckpoint {
  readonly step: number;
  /** 64 bits over everything a run goes on from, as 16 hexadecimal digits. */
  readonly checksum: string;
}

export interface NativeStep {
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
  /** Tokens computed in this step, learned or not. */
  readonly tokens: number;
  /** That this step took, without validation and checkpoints. */
  readonly seconds: number;
  /** Held by the run, weights of the model included. */
  readonly memoryBytes: number;
}

export interface NativeTraining {
  readonly done: Promise<{ end: "finished" | "stopped"; step: number }>;
  /**
   * `checkpoint` keeps the state so that the run can continue. `discard` writes nothing more; an earlier checkpoint is the
   * caller's to remove. `finish` ends the run as if its last step had been done. Honoured within one micro-batch.
   */
  stop(how: "checkpoint" | "discard" | "finish"): void;
  /** Share of the time to compute in, 0.01 to 1; the rest is slept between steps. What is computed stays the same. */
  pace(duty: number): void;
  /**
   * An adapter with the weights as they are between two steps: a copy, which the run does not change later. Rejects with
   * "training.ended" when the run ends first.
   */
  sampleAdapter(): Promise<NativeAdapter>;
}
