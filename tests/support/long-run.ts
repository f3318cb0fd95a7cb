import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RunHistories } from "@main/jobs/history";
import { RunStore, type StoredRun } from "@main/jobs/store";
import { createServices } from "@main/services";
import { Broadcast } from "@main/shell/broadcast";
import { servedAbilities } from "@main/shell/served/abilities";
import { startServer } from "@main/shell/served/server";
import { openDataFolder } from "@main/storage/data-folder";
import type { MetricPoint } from "@shared/models/run";
import { fakeEngine } from "./fake-engine";
import { recipeWith } from "./recipe";

/** A curve with noise, spikes and validations, as training makes them. */
export function madeUpStep(step: number, total: number, kind = 0): MetricPoint {
  const noise = Math.sin((step + kind) * 12.9898) * 43758.5453;
  const random = noise - Math.floor(noise);
  const base = 0.02 + (3.1 + 0.2 * kind) * Math.exp(-step / (total * (0.08 + 0.03 * kind)));
  return {
    step,
    trainLoss: base * (0.7 + 0.6 * random) + (step % 9_973 === 0 ? 4 : 0),
    validationLoss: step % Math.ceil(total / 100) === 0 ? base * 1.08 + 0.01 : null,
    learningRate: 0.002 * Math.min(1, step / (total * 0.05)) * 0.5 * (1 + Math.cos((Math.PI * step) / total)),
    gradientNorm: 0.3 + random * base,
    tokens: 4096,
    tokensPerSecond: 5000 + random * 400,
    memoryBytes: 148_000_000,
    elapsedSeconds: step / 28,
  };
}

export interface LongRuns {
  readonly url: string;
  readonly ids: readonly string[];
  /** News of so many more steps of the first run, as a run at work tells them. */
  grow(steps: number): void;
}

export interface LongRunOptions {
  readonly steps: number;
  /** How many runs there are; each differs a little. */
  readonly runs?: number;
}

/** The built window over real services whose database holds long runs; the engine does nothing. */
export async function withLongRuns(
  folder: string,
  { steps, runs = 1 }: LongRunOptions,
  work: (studio: LongRuns) => Promise<void>,
): Promise<void> {
  const dataFolder = join(folder, "data");
  const ids = Array.from({ length: runs }, (_, index) => `long-run-${index}`);
  await store(dataFolder, ids, steps);
  const broadcast = new Broadcast();
  const services = await createServices({
    dataFolder,
    addonPath: "none",
    spawner: fakeEngine().spawner,
    emit: broadcast.emit,
    shell: servedAbilities,
    places: { version: "test", starter: join(folder, "no-starter"), phone: join(folder, "no-phone") },
    starter: null,
  });
  const rendererFolder = fileURLToPath(new URL("../../out/renderer", import.meta.url));
  const server = await startServer({ rendererFolder, handlers: services.handlers, broadcast, port: 0 });
  const [id = ""] = ids;
  let told = steps;
  try {
    await work({
      url: server.url,
      ids,
      grow: (more) => {
        const metrics = Array.from({ length: more }, () => madeUpStep(++told, steps));
        broadcast.emit("runs", "grew", { id, metrics, samples: [], log: [] });
      },
    });
  } finally {
    await server.close();
    await services.close();
  }
}

async function store(dataFolder: string, ids: readonly string[], steps: number): Promise<void> {
  const { database, lock } = await openDataFolder(dataFolder);
  const runs = new RunStore(database);
  const histories = new RunHistories(database);
  for (const [kind, id] of ids.entries()) {
    runs.insert(storedRun(id, kind, steps));
    const metrics = Array.from({ length: steps }, (_, index) => madeUpStep(index + 1, steps, kind));
    histories.append(id, { metrics, samples: [], log: [] });
  }
  database.close();
  lock.release();
}

function storedRun(id: string, kind: number, steps: number): StoredRun {
  const last = madeUpStep(steps, steps, kind);
  return {
    id,
    name: `Long run ${kind + 1}`,
    note: "",
    modelId: "gone",
    baseDigest: null,
    datasetId: "gone",
    datasetDigest: "",
    learnAll: false,
    goal: "format",
    recipe: recipeWith({ learningRate: 2e-3 / (kind + 1), rank: kind % 2 === 0 ? 4 : 16, maxSteps: steps }),
    state: "paused",
    position: kind,
    createdAt: new Date(Date.UTC(2026, 0, 1, kind)).toISOString(),
    startedAt: new Date(Date.UTC(2026, 0, 1, kind)).toISOString(),
    finishedAt: null,
    progress: {
      step: steps,
      totalSteps: steps,
      phase: "training",
      trainLoss: last.trainLoss,
      validationLoss: last.validationLoss,
      tokensPerSecond: last.tokensPerSecond,
      memoryBytes: last.memoryBytes,
      elapsedSeconds: last.elapsedSeconds,
      remainingSeconds: 0,
    },
    error: null,
    adapterId: null,
    adapterDigest: null,
    sweepId: null,
    device: "cpu",
    scoreBy: null,
  };
}
