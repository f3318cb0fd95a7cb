import { copyFileSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineExit, EngineProcess, EngineSpawner } from "@main/engine/spawner";
import type { EncodedRow, TrainInput } from "@shared/engine/protocol";
import { type EngineContract, engineContract } from "@shared/engine/protocol";
import { HoneError, toErrorData } from "@shared/errors";
import { emitter, type Port, serve } from "@shared/ipc/channel";
import type { Emit, Handlers } from "@shared/ipc/define";
import type { Message } from "@shared/ipc/envelope";
import type { ChatMessage } from "@shared/models/dataset";
import type { LogitDistance } from "@shared/models/logits";
import type { MergePlan, MergeType } from "@shared/models/merge";
import type { ModelInfo } from "@shared/models/model";
import type { Recipe } from "@shared/models/recipe";
import { totalSteps } from "@shared/models/steps";

/** How the fake engine behaves; changed by a test at any time. */
export interface FakeEngine {
  readonly spawner: EngineSpawner;
  /** Milliseconds of one training step. */
  stepMs: number;
  peakBytes: number;
  /** The loss of the last validation. */
  validationLoss: (recipe: Recipe) => number;
  /** Runs that end with an error. */
  fails: (recipe: Recipe) => boolean;
  /** Largest logit difference that a comparison finds. */
  difference: number;
  /** Share of equal best tokens that the comparison after a merge finds. */
  agreement: number;
  /** Largest logit difference between the base and any adapter. */
  effect: number;
  /** Milliseconds that a merge takes. */
  mergeMs: number;
  /** Bytes of model, as they were asked for training. */
  readonly trained: TrainInput[];
  /** What runs were told about their pace. */
  readonly paces: { readonly runId: string; readonly duty: number }[];
  /** Ends the process of a role as the system would. */
  kill(role: string, signal: string): void;
}

/** A model file of the fake engine. */
export function writeFakeModel(path: string, name = "Tiny", architecture = "llama"): string {
  writeFileSync(path, JSON.stringify({ fake: "model", name, architecture }));
  return path;
}

export function writeFakeAdapter(path: string, architecture = "llama"): string {
  writeFileSync(path, JSON.stringify({ fake: "adapter", architecture, rank: 4, alpha: 8 }));
  return path;
}

/** What the tuned fake model answers; the base never says it. */
export function tunedAnswer(question: string): string {
  return `{"say":"${question}"}`;
}

/**
 * An engine for tests of the services: one token per word, a loss that falls, checkpoints and adapters as small JSON files. It
 * computes nothing; what is true of the real engine is tested with the real engine.
 */
export function fakeEngine(): FakeEngine {
  const living = new Map<string, (signal: string) => void>();
  const fake: FakeEngine = {
    stepMs: 1,
    peakBytes: 1_000_000,
    validationLoss: () => 0.5,
    fails: () => false,
    difference: 0,
    agreement: 1,
    effect: 1,
    mergeMs: 0,
    trained: [],
    paces: [],
    kill: (role, signal) => living.get(role)?.(signal),
    spawner: ({ role }): EngineProcess => {
      const toHost = new Set<(message: unknown) => void>();
      const toEngine = new Set<(message: Message) => void>();
      const exits: ((exit: EngineExit) => void)[] = [];
      let alive = true;
      const port: Port = {
        send: (message) => {
          const copy: unknown = structuredClone(message);
          setImmediate(() => {
            if (alive) for (const listener of toHost) listener(copy);
          });
        },
        onMessage: (listener) => {
          toEngine.add(listener);
          return () => void toEngine.delete(listener);
        },
      };
      serve(
        engineContract,
        handlers(fake, emitter<EngineContract>(port), () => alive),
        port,
      );
      const end = (signal: string) => {
        if (!alive) return;
        alive = false;
        setImmediate(() => {
          for (const exit of exits) exit({ code: null, signal, errorText: "" });
        });
      };
      living.set(role, end);
      return {
        pid: undefined,
        send: (message) => {
          const copy = structuredClone(message) as Message;
          setImmediate(() => {
            if (alive) for (const listener of toEngine) listener(copy);
          });
        },
        onMessage: (listener) => void toHost.add(listener),
        onExit: (listener) => void exits.push(listener),
        kill: () => end("SIGKILL"),
      };
    },
  };
  return fake;
}

function handlers(fake: FakeEngine, emit: Emit<EngineContract>, alive: () => boolean): Handlers<EngineContract> {
  const runs = new Map<string, (how: "checkpoint" | "discard") => void>();
  const stopped = new Set<string>();
  return {
    engine: {
      devices: () => ({
        devices: [{ id: "cpu", kind: "cpu", name: "Fake", memoryBytes: 1, features: [], threads: 1, gpu: null }],
        notes: [],
      }),
      inspect: ({ path, activation }) => inspect(path, activation),
      inspectAdapter: ({ path }) => inspectAdapter(path),
      ping: () => undefined,
      closeModel: () => undefined,
    },
    data: {
      encode: ({ conversations, contextLength }) => ({
        rows: conversations.map(({ line, messages }) => encode(line, messages, contextLength)),
        template: "fake",
        warnings: [],
      }),
      render: ({ conversations, contextLength }) => ({
        rows: conversations.map(({ line, messages }) => {
          const row = encode(line, messages, contextLength);
          return {
            line,
            tokens: row.tokens.length,
            learnedTokens: row.mask.reduce((sum, bit) => sum + bit, 0),
            problem: null,
            segments: messages.map(({ role, content }) => ({
              text: content,
              kind: role === "assistant" ? "learned" : "masked",
            })),
          };
        }),
        template: "fake",
        warnings: [],
      }),
    },
    train: {
      forecast: ({ recipe }) => ({
        peakBytes: Math.ceil(fake.peakBytes / recipe.accumulation),
        trainableParameters: 100 * recipe.rank,
      }),
      probe: () => ({ tokensPerSecond: 1000 }),
      start: (input) => {
        fake.trained.push(input);
        void train(fake, input, emit, alive, (stop) => runs.set(input.runId, stop)).finally(() =>
          runs.delete(input.runId),
        );
      },
      stop: ({ runId, how }) => runs.get(runId)?.(how),
      pace: ({ runId, duty }) => void fake.paces.push({ runId, duty }),
    },
    checkpoints: {
      adapter: ({ model, recipe, checkpoint, target, metadata }) => {
        const { step } = JSON.parse(readFileSync(checkpoint, "utf8")) as { step: number };
        const { architecture } = inspect(model.path);
        writeFileSync(
          target,
          JSON.stringify({ fake: "adapter", architecture, rank: recipe.rank, alpha: recipe.alpha, metadata, step }),
        );
        return { step, checksum: `checksum-${step}` };
      },
    },
    evaluate: {
      loss: ({ conversations, adapters }) => ({
        loss: conversations.length * (adapters.length > 0 ? 1 : 3),
        tokens: conversations.length,
      }),
    },
    chat: {
      generate: ({ generationId, model, adapters, messages }) => {
        void (async () => {
          const question = messages.at(-1)?.content ?? "";
          const tuned = adapters.some(({ strength }) => strength > 0) || readFake(model.path, "model").tuned === true;
          const text = tuned ? tunedAnswer(question) : "I do not know.";
          const words = text.split(/(?<= )/);
          let told = "";
          for (const word of words) {
            await pause(1);
            if (!alive() || stopped.has(generationId)) break;
            told += word;
            emit("chat", "token", { generationId, text: word });
          }
          emit("chat", "end", {
            generationId,
            reason: stopped.has(generationId) ? "stopped" : "end",
            text: told,
            promptTokens: 3,
            tokens: words.length,
            tokensPerSecond: 100,
            promptTokensPerSecond: 1000,
            adapters,
            error: null,
          });
        })();
      },
      stop: ({ generationId }) => void stopped.add(generationId),
    },
    adapters: {
      convert: ({ source, target, type, metadata }) => {
        writeFileSync(target, JSON.stringify({ ...readFake(source, "adapter"), type, metadata }));
      },
      importFolder: ({ folder, target }) => {
        writeFileSync(target, JSON.stringify(readFake(join(folder, "adapter_model.safetensors"), "adapter")));
        return { notices: [] };
      },
      exportPeft: ({ source, folder }) => {
        writeFileSync(join(folder, "adapter_model.safetensors"), JSON.stringify(readFake(source, "adapter")));
        writeFileSync(join(folder, "adapter_config.json"), "{}");
        return { notices: [] };
      },
      compare: ({ tokens, left, right }) => {
        readFake(right.model.path, "model");
        if (right.adapter !== null) readFake(right.adapter, "adapter");
        if (left.adapter === null) return distance(tokens.length, fake.effect);
        return distance(tokens.length, fake.difference);
      },
      describe: () => ({ targets: ["attn_q"], tensors: 2 }),
      check: ({ model, path }) => {
        const adapter = inspectAdapter(path);
        const { architecture } = inspect(model.path);
        if (adapter.architecture === architecture) return adapter;
        throw new HoneError(
          "adapter.architecture",
          `The adapter is for ${adapter.architecture}, the model is ${architecture}.`,
          "Choose its own base.",
        );
      },
    },
    models: {
      split: ({ source, stem }) => {
        const paths = [1, 2].map((part) => `${stem}-0000${part}-of-00002.gguf`);
        for (const path of paths) copyFileSync(source, path);
        return { paths };
      },
      prompts: ({ conversations }) => ({
        texts: conversations.map((messages) =>
          [...messages.map(({ role, content }) => `<${role}>${content}</${role}>`), "<assistant>"].join(""),
        ),
        bos: "",
      }),
    },
    merge: {
      plan: ({ types }) => types.map(mergePlan),
      write: async ({ mergeId, type, target, checkTokens }) => {
        emit("merge", "progress", { mergeId, stage: "writing", done: 0.5 });
        // Half-written under another name, as the engine does it, which stays when the process is killed.
        const half = `${target}.half`;
        writeFileSync(half, JSON.stringify({ fake: "model", name: "Merged", architecture: "llama", tuned: true }));
        for (let waited = 0; waited < fake.mergeMs; waited += 1) {
          await pause(1);
          if (!alive()) throw new HoneError("engine.gone", "The process was killed.");
          if (stopped.has(mergeId)) throw new HoneError("merge.stopped", "The merge was stopped.");
        }
        renameSync(half, target);
        emit("merge", "progress", { mergeId, stage: "checking", done: 1 });
        return {
          plan: mergePlan(type),
          check: {
            merged: { ...distance(checkTokens.length, fake.difference), top1Agreement: fake.agreement },
            base: distance(checkTokens.length, 1),
          },
        };
      },
      stop: ({ mergeId }) => void stopped.add(mergeId),
    },
    logits: {
      write: ({ tokens, out }) => {
        writeFileSync(out, "npy");
        return { tokens: tokens.length, vocabulary: 10 };
      },
    },
  };
}

async function train(
  fake: FakeEngine,
  input: TrainInput,
  emit: Emit<EngineContract>,
  alive: () => boolean,
  onStop: (stop: (how: "checkpoint" | "discard") => void) => void,
): Promise<void> {
  const { runId, recipe } = input;
  const asked: { how?: "checkpoint" | "discard" } = {};
  onStop((how) => {
    asked.how = how;
  });
  try {
    const rows = readFileSync(input.trainFile.path, "utf8").trim().split("\n").length;
    const total = totalSteps(recipe, rows);
    if (fake.fails(recipe)) throw new HoneError("train.fake", "This recipe is bound to fail.");
    const saved = input.resume ? (JSON.parse(readFileSync(input.checkpointPath, "utf8")) as { step: number }).step : 0;
    if (input.resume) emit("train", "resumed", { runId, step: saved, checksum: `checksum-${saved}`, from: "newest" });
    const save = (step: number) => {
      writeFileSync(input.checkpointPath, JSON.stringify({ step }));
      const { keepFolder } = input;
      if (keepFolder !== undefined) {
        mkdirSync(keepFolder, { recursive: true });
        writeFileSync(join(keepFolder, `${step}.gguf`), JSON.stringify({ step }));
      }
      emit("train", "checkpoint", { runId, step, checksum: `checksum-${step}`, kept: keepFolder !== undefined });
    };
    for (let step = saved + 1; step <= total; step++) {
      await pause(fake.stepMs);
      if (!alive()) return;
      if (asked.how) {
        if (asked.how === "checkpoint") save(step - 1);
        return emit("train", "ended", { runId, end: "stopped", error: null });
      }
      const point = {
        step,
        trainLoss: 3 / step,
        validationLoss: step === total ? fake.validationLoss(recipe) : null,
        learningRate: recipe.learningRate,
        gradientNorm: 1,
        tokens: 10,
        tokensPerSecond: 100,
        memoryBytes: 1,
        elapsedSeconds: step - saved,
      };
      emit("train", "grew", { runId, metrics: [point], samples: [], log: [] });
      emit("train", "progress", {
        runId,
        progress: {
          step,
          totalSteps: total,
          phase: "training",
          trainLoss: point.trainLoss,
          validationLoss: null,
          tokensPerSecond: 100,
          memoryBytes: 1,
          elapsedSeconds: step,
          remainingSeconds: total - step,
        },
      });
      if (recipe.checkpointEvery > 0 && step % recipe.checkpointEvery === 0) save(step);
    }
    const { architecture } = inspect(input.model.path);
    writeFileSync(
      input.adapterPath,
      JSON.stringify({
        fake: "adapter",
        architecture,
        rank: recipe.rank,
        alpha: recipe.alpha,
        metadata: input.metadata,
      }),
    );
    emit("train", "ended", { runId, end: "finished", error: null });
  } catch (error) {
    emit("train", "ended", { runId, end: "failed", error: toErrorData(error) });
  }
}

function encode(line: number, messages: readonly ChatMessage[], contextLength: number): EncodedRow {
  const words = messages.flatMap(({ role, content }) => content.split(" ").map(() => (role === "assistant" ? 1 : 0)));
  const mask = Uint8Array.from(words.slice(0, contextLength));
  return { line, tokens: Int32Array.from(mask.keys()), mask, problem: null, cut: words.length > contextLength };
}

function distance(tokens: number, difference: number): LogitDistance {
  return {
    tokens,
    maxDifference: difference,
    logitSpread: 1,
    meanSquare: difference ** 2,
    divergence: difference ** 2,
    top1Agreement: 1,
  };
}

function mergePlan(type: MergeType): MergePlan {
  return { type, fileBytes: 1000, changed: 7, types: [{ dtype: "F32", tensors: 1, bytes: 10 }], notes: [] };
}

function inspect(path: string, activation?: "silu" | "relu2"): ModelInfo {
  const { name, architecture } = readFake(path, "model");
  return {
    path,
    fileBytes: readFileSync(path).length,
    name: String(name),
    architecture: String(architecture),
    parameters: 1000,
    contextLength: 256,
    embeddingLength: 8,
    feedForwardLength: 16,
    blockCount: 1,
    headCount: 1,
    headCountKv: 1,
    vocabularySize: 10,
    types: [{ dtype: "F32", tensors: 1, bytes: 10 }],
    tokenizer: null,
    chatTemplate: null,
    activation: activation ? { kind: activation, source: "chosen" } : { kind: "silu", source: "architecture" },
    license: null,
    description: null,
    whyNotTrainable: [],
  };
}

function inspectAdapter(path: string) {
  const { architecture, rank, alpha } = readFake(path, "adapter");
  return {
    architecture: String(architecture),
    name: "fake",
    rank: Number(rank),
    alpha: Number(alpha),
    parameters: 1,
    notices: [],
  };
}

function readFake(path: string, kind: string): Record<string, unknown> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new HoneError("file.missing", `cannot open "${path}"`, "Check that it was not moved.");
  try {
    const value = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    if (value.fake === kind) return value;
  } catch {
    // Not JSON is not a file of the fake engine either.
  }
  throw new HoneError("gguf.magic", `"${path}" is not a GGUF ${kind}.`, "Choose another file.");
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
