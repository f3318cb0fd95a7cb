import { HoneError } from "@shared/errors";
import { emitter, type Port, serve } from "@shared/ipc/channel";
import { contract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";
import type { Message } from "@shared/ipc/envelope";
import { defaultSettings, type Settings } from "@shared/models/settings";
import type { SweepRecord } from "@shared/models/sweep";
import * as data from "./mock-data";

/** Two ends of one pipe in one process; messages arrive later, as over a real one. */
export function pipe(): readonly [Port, Port] {
  const ends = [new Set<(message: Message) => void>(), new Set<(message: Message) => void>()] as const;
  const end = (mine: number): Port => ({
    send: (message) =>
      setTimeout(() => {
        for (const listener of ends[1 - mine] ?? []) listener(structuredClone(message));
      }, 1),
    onMessage: (listener) => {
      ends[mine]?.add(listener);
      return () => void ends[mine]?.delete(listener);
    },
  });
  return [end(0), end(1)];
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export interface MockOptions {
  /** Shelves without anything on them. */
  readonly empty?: boolean;
  /** Keeps the live run growing. */
  readonly live?: boolean;
  readonly theme?: Settings["theme"];
}

/** Services that answer every call of the contract from memory. */
export function serveMock(port: Port, options: MockOptions = {}): void {
  const emit = emitter<typeof contract>(port);
  let settings: Settings = { ...defaultSettings, theme: options.theme ?? "system" };
  let models = options.empty ? [] : data.models;
  let datasets = options.empty ? [] : data.datasets;
  let runs = options.empty ? [] : data.runs;
  let adapters = options.empty ? [] : data.adapters;
  const total = 4280;
  let steps = 1800;
  let held = false;
  const stopped = new Set<string>();
  let generations = 0;

  const found = <One extends { readonly id: string }>(list: readonly One[], id: string): One => {
    const one = list.find((candidate) => candidate.id === id);
    if (!one)
      throw new HoneError(
        "not-found",
        `Nothing goes by the id "${id}".`,
        "It may have been removed; open the list again.",
      );
    return one;
  };
  const setRun = (id: string, state: (typeof runs)[number]["state"]) => {
    const run = { ...found(runs, id), state };
    runs = runs.map((old) => (old.id === id ? run : old));
    emit("runs", "changed", run);
    return run;
  };

  const handlers: Handlers<typeof contract> = {
    app: {
      info: () => data.appInfo,
      engines: () => data.engines,
      browse: ({ folder }) => ({
        folder: folder ?? "/home/ada",
        parent: "/home",
        entries: [
          { name: "Documents", path: "/home/ada/Documents", kind: "folder", bytes: 0 },
          { name: "models", path: "/home/ada/models", kind: "folder", bytes: 0 },
          { name: "calls.jsonl", path: "/home/ada/data/calls.jsonl", kind: "file", bytes: 812_331 },
          { name: "tiny.gguf", path: "/home/ada/tiny.gguf", kind: "file", bytes: 6_912_448 },
        ],
      }),
      pick: () => ({ supported: false, path: null }),
      reveal: () => ({ supported: false }),
    },
    devices: {
      list: () => ({
        devices: [
          {
            id: "cpu",
            kind: "cpu",
            name: "AMD EPYC 9B45",
            memoryBytes: 16_600_000_000,
            features: ["avx2", "fma", "f16c"],
            threads: 8,
            gpu: null,
          },
          {
            id: "vulkan:0",
            kind: "vulkan",
            name: "AMD Radeon RX 7600",
            memoryBytes: 8_573_000_000,
            features: ["subgroup arithmetic", "integer dot product"],
            threads: 0,
            gpu: {
              build: "discrete",
              driver: "radv Mesa 25.0.7",
              api: "1.4.305",
              freeBytes: 7_940_000_000,
              unusable: "",
            },
          },
          {
            id: "vulkan:1",
            kind: "vulkan",
            name: "llvmpipe (LLVM 19.1.7, 256 bits)",
            memoryBytes: 16_600_000_000,
            features: [],
            threads: 0,
            gpu: {
              build: "software",
              driver: "llvmpipe Mesa 25.0.7",
              api: "1.4.305",
              freeBytes: 16_600_000_000,
              unusable: "",
            },
          },
        ],
        notes: [],
        checks: [
          { device: "vulkan:0", passed: true, text: "AMD Radeon RX 7600 trains the first steps as the CPU does." },
        ],
      }),
    },
    models: {
      list: () => models,
      add: async ({ path }) => {
        await sleep(600);
        throw new HoneError(
          "gguf.read",
          `${path}: tensor "blk.3.ffn_up.weight" ends at byte 4,213,112 but the file has 4,194,304.`,
          "The download looks incomplete; fetch the file again.",
        );
      },
      remove: ({ id }) => {
        models = models.filter((model) => model.id !== id);
      },
      chooseActivation: ({ id, activation }) => {
        const chosen = activation
          ? ({
              kind: activation,
              source: "chosen",
              reason: "chosen by hand; without that silu, the rule for bitnet",
            } as const)
          : found(data.models, id).info.activation;
        models = models.map((model) =>
          model.id === id ? { ...model, info: { ...model.info, activation: chosen } } : model,
        );
        emit("models", "changed", { id });
        return found(models, id);
      },
    },
    datasets: {
      list: () => datasets,
      guess: async ({ path, format }) => {
        await sleep(300);
        return { ...data.guess, path, format: format ?? data.guess.format };
      },
      import: async () => found(data.datasets, "support"),
      rename: ({ id, name }) => {
        datasets = datasets.map((dataset) => (dataset.id === id ? { ...dataset, name } : dataset));
        return found(datasets, id);
      },
      remove: ({ id }) => {
        datasets = datasets.filter((dataset) => dataset.id !== id);
      },
      preview: () => ({ rows: data.rows, total: 2400 }),
      measure: async ({ datasetId, modelId }) => {
        await sleep(400);
        return {
          datasetId,
          modelId,
          rows: 2400,
          tokens: 88_213,
          learnedTokens: 34_120,
          longestRow: 212,
          rowsCut: 3,
          rowsWithoutTarget: 1,
          template: "Written with the model's own chat template.",
          warnings: ["3 rows are longer than 256 tokens and are cut."],
        };
      },
    },
    runs: {
      list: () => runs,
      get: ({ id }) => found(runs, id),
      suggest: ({ goal }) => ({ ...data.recipe, rank: goal === "knowledge" ? 32 : 8 }),
      forecast: async ({ recipe, probe }) => {
        await sleep(probe ? 1200 : 80);
        const peakBytes = 90_000_000 + recipe.contextLength * recipe.contextLength * 900;
        const availableBytes = 9_800_000_000;
        return {
          steps: 428,
          tokensPerStep: 4096,
          totalTokens: 1_753_000,
          trainableParameters: 309_000 * recipe.rank,
          peakBytes,
          availableBytes,
          tokensPerSecond: probe ? 5210 : null,
          seconds: probe ? 337 : null,
          warnings: recipe.epochs > 10 ? ["More than ten epochs over 2,400 rows will likely be learned by heart."] : [],
          refusal:
            peakBytes > availableBytes
              ? {
                  code: "forecast.memory",
                  message: "This run needs 15.2 GB and 9.8 GB are free.",
                  hint: "A context of 2,048 tokens fits; or save memory at the cost of time.",
                }
              : null,
        };
      },
      start: async () => {
        await sleep(200);
        return found(runs, "live");
      },
      diagnose: ({ id }) => data.verdicts(id),
      repeat: ({ id }) => found(runs, id),
      checkpoints: ({ id }) => (id === "done" ? data.checkpoints : []),
      dropCheckpoints: () => undefined,
      promote: () => found(adapters, "adapter-1"),
      proof: ({ id }) => (id === "done" ? data.proof : { ...data.proof, resumes: [], results: [] }),
      prove: () => data.proof,
      sweep: () => data.sweeps[0] as SweepRecord,
      sweeps: () => data.sweeps,
      cancelSweep: () => data.sweeps[0] as SweepRecord,
      move: ({ id }) => found(runs, id),
      queue: () => ({ held, holds: [] }),
      hold: (state) => {
        held = state.held;
        emit("runs", "queueChanged", { held, holds: [] });
        return { held, holds: [] };
      },
      pause: ({ id }) => setRun(id, "paused"),
      continue: ({ id }) => setRun(id, "running"),
      cancel: ({ id }) => setRun(id, "cancelled"),
      remove: ({ id }) => {
        runs = runs.filter((run) => run.id !== id);
        emit("runs", "removed", { id });
      },
      rename: ({ id, name, note }) => {
        const run = { ...found(runs, id), name, note: note ?? found(runs, id).note };
        runs = runs.map((old) => (old.id === id ? run : old));
        return run;
      },
      history: ({ id }) =>
        id === "live"
          ? data.history(steps, total)
          : id.startsWith("queued")
            ? { metrics: [], samples: [], log: [] }
            : data.history(428, 428),
    },
    adapters: {
      list: () => adapters,
      import: () => ({
        ...found(adapters, "adapter-2"),
        notices: [],
        check: { effect: data.merged().check.base, roundTrip: null },
      }),
      rename: ({ id, name }) => {
        adapters = adapters.map((adapter) => (adapter.id === id ? { ...adapter, name } : adapter));
        return found(adapters, id);
      },
      remove: ({ id }) => {
        adapters = adapters.filter((adapter) => adapter.id !== id);
      },
      scoreBy: ({ id, kind }) => {
        adapters = adapters.map((adapter) => (adapter.id === id ? { ...adapter, scoreBy: kind } : adapter));
        return found(adapters, id);
      },
      score: async ({ id }) => {
        for (let done = 0; done < 60; done += 1) {
          emit("adapters", "scoring", { id, done, total: 60 });
          await sleep(60);
        }
        return found(adapters, id);
      },
    },
    playground: {
      generate: (request) => {
        const generationId = `g${++generations}`;
        const tuned = request.adapters.some(({ strength }) => strength > 0.5);
        const text = tuned
          ? '{"call":"set_alarm","time":"06:30"}'
          : "Good morning! I usually wake up early, because the bakery opens at six and the bread is still warm then. When do you get up?";
        void (async () => {
          const words = text.match(/\S+\s*/g) ?? [];
          for (const word of words) {
            if (stopped.has(generationId)) break;
            emit("playground", "token", { generationId, text: word });
            await sleep(30);
          }
          emit("playground", "end", {
            generationId,
            reason: stopped.has(generationId) ? "stopped" : "end",
            promptTokens: 31,
            tokens: words.length,
            tokensPerSecond: 142.3,
            promptTokensPerSecond: 2210,
            error: null,
            provenance: {
              modelName: "Hone starter 9M",
              adapters: request.adapters.map((active) => ({
                digest:
                  "adapterId" in active ? found(adapters, active.adapterId).digest : data.hex(`step ${active.step}`),
                strength: active.strength,
              })),
            },
          });
        })();
        return { generationId };
      },
      stop: ({ generationId }) => {
        stopped.add(generationId);
      },
    },
    exports: {
      plan: ({ wishes }) => wishes.map((wish) => data.exportPlan(wish)),
      write: async ({ adapterId, folder, ...wish }) => {
        for (const [step, stage] of (["checking", "writing", "comparing", "probing", "sealing"] as const).entries()) {
          emit("exports", "progress", { adapterId, stage, share: step / 5, remainingSeconds: 5 - step });
          await sleep(700);
        }
        const { gates } = data.exportPlan({ adapterId, ...wish });
        return { path: `${folder}/tool-calls-hone`, bundle: data.bundle(found(adapters, adapterId)), gates };
      },
      cancel: () => undefined,
      mergePlans: () => data.mergePlans(),
      mergePlansOfModel: () => data.mergePlans(),
      merge: async ({ adapterId, folder, type }) => {
        for (const stage of ["writing", "checking", "finishing"] as const) {
          for (let done = 0; done <= 1; done += 0.25) {
            emit("exports", "merging", { adapterId, stage, done });
            await sleep(150);
          }
        }
        const plan = data.mergePlans().find((plan) => plan.type === type);
        if (!plan) throw new HoneError("merge.ternary", "Not into a ternary type.", "Choose Q8_0.");
        return { path: `${folder}/tool-calls-${type}.gguf`, bytes: plan.fileBytes, plan, ...data.merged() };
      },
      stopMerge: () => undefined,
    },
    phone: {
      open: () => data.phoneShare,
      stay: () => data.phoneShare,
      choose: () => data.phoneShare,
      renew: () => data.phoneShare,
      prepare: () => data.phoneShare,
      close: () => undefined,
      adb: () => data.adb,
      push: () => data.adb,
    },
    settings: {
      get: () => settings,
      set: (change) => {
        settings = { ...settings, ...change };
        emit("settings", "changed", settings);
        return settings;
      },
    },
  };
  serve(contract, handlers, port);

  if (options.live && !options.empty) {
    setInterval(() => {
      const metrics = Array.from({ length: 12 }, () => data.metric(++steps, total));
      emit("runs", "grew", { id: "live", metrics, samples: [], log: [] });
      const last = metrics.at(-1);
      const run = found(runs, "live");
      if (last && run.progress && run.state === "running") {
        const next = {
          ...run,
          progress: {
            ...run.progress,
            step: last.step,
            trainLoss: last.trainLoss,
            remainingSeconds: (total - last.step) / 28,
          },
        };
        runs = runs.map((old) => (old.id === "live" ? next : old));
        emit("runs", "changed", next);
      }
    }, 250);
  }
}
