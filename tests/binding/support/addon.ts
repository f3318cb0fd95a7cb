import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadAddon } from "@main/engine/worker/addon";
import type { NativeModel, NativeRecipe, NativeRows, NativeTrainRequest, TrainObserver } from "@shared/engine/addon";
import { defaultSampling, type Sampling } from "@shared/models/chat";
import { expect } from "vitest";

const root = new URL("../../../", import.meta.url);

/** The addon under test; HONE_ADDON names another build. */
export const addonPath = process.env.HONE_ADDON ?? fileURLToPath(new URL("out/native/hone.node", root));
export const addon = loadAddon(addonPath);

export const fixture = (name: string) => fileURLToPath(new URL(`tests/fixtures/${name}`, root));
export const modelFixture = (name: string) => fixture(`models/${name}.gguf`);

/** A model as a scope: open within `body`, closed after it. */
export async function withModel<T>(
  name: string,
  body: (model: NativeModel) => Promise<T> | T,
  threads = 2,
): Promise<T> {
  const model = await addon.openModel(modelFixture(name), { device: "cpu", threads });
  try {
    return await body(model);
  } finally {
    model.close();
  }
}

interface LogitsCase {
  readonly tokens: readonly number[];
  readonly logit_std: number;
}
const logitsCases = JSON.parse(readFileSync(fixture("models/logits.json"), "utf8")) as Record<string, LogitsCase>;

/** Tokens, reference logits [tokens, vocabulary] and their spread. */
export function reference(name: string): { tokens: Int32Array; logits: Float32Array; spread: number } {
  const { tokens, logit_std } = logitsCases[name] as LogitsCase;
  return { tokens: Int32Array.from(tokens), logits: readNpy(fixture(`models/${name}.exact.npy`)), spread: logit_std };
}

/** The values of a float32 .npy file, version 1.0. */
function readNpy(path: string): Float32Array {
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] as number))), 0);
}

export const greedy = (maxTokens: number, changes: Partial<Sampling> = {}): Sampling => ({
  ...defaultSampling,
  temperature: 0,
  maxTokens,
  ...changes,
});

export const recipe = (changes: Partial<NativeRecipe> = {}): NativeRecipe => ({
  rank: 4,
  alpha: 8,
  rankStabilised: false,
  dropout: 0,
  projections: ["q", "k", "v", "o", "gate", "up", "down"],
  learningRate: 5e-3,
  schedule: "constant",
  batchSize: 2,
  accumulation: 1,
  contextLength: 32,
  packing: true,
  clipNorm: 1,
  weightDecay: 0,
  activationCheckpointing: true,
  patience: 0,
  seed: 7,
  totalSteps: 12,
  warmupSteps: 0,
  validateEvery: 0,
  checkpointEvery: 0,
  ...changes,
});

/** `count` rows of `length` tokens with a pattern that can be learned; the second half of each row is learned. */
export function rows(count: number, length = 16): NativeRows {
  const tokens = Int32Array.from(
    { length: count * length },
    (_, i) => 40 + (((Math.floor(i / length) % 4) * 7 + (i % length) * 3) % 200),
  );
  return {
    tokens,
    mask: Uint8Array.from(tokens, (_, i) => (i % length >= length / 2 ? 1 : 0)),
    offsets: Int32Array.from({ length: count + 1 }, (_, i) => i * length),
  };
}

export const trainRequest = (folder: string, changes: Partial<NativeTrainRequest> = {}): NativeTrainRequest => ({
  recipe: recipe(),
  train: rows(8),
  validation: rows(0),
  checkpointPath: `${folder}/run.checkpoint`,
  resume: false,
  adapterPath: `${folder}/adapter.gguf`,
  metadata: { "general.name": "test adapter" },
  ...changes,
});

export const silent: TrainObserver = { onStep: () => {}, onValidation: () => {}, onLog: () => {} };

/** The code and words of the error that `act` throws or rejects with. */
export async function errorOf(act: () => unknown): Promise<{ code: unknown; message: string; hint: unknown }> {
  try {
    await act();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    const { code, message, hint } = error as Error & { code?: unknown; hint?: unknown };
    return { code, message, hint };
  }
  throw new Error("expected an error, but nothing was thrown");
}
