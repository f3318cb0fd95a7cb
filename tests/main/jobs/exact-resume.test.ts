import { createHash } from "node:crypto";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { seededRandom } from "@main/datasets/split";
import type { EngineSpawner } from "@main/engine/spawner";
import type { RunRecord } from "@shared/models/run";
import { describe, expect, it } from "vitest";
import { addonPath, modelFixture, realSpawner } from "../../support/real-engine";
import { recipeWith } from "../../support/recipe";
import { eventually, openStudio, type Studio } from "../../support/studio";

// The real engine in its own process, hurt in every way that a machine can: what comes out must be the adapter of a run
// that nothing happened to, to the last bit. HONE_SEED repeats the moments of another time.

const seed = Number(process.env.HONE_SEED ?? Date.now() % 1_000_000);
const random = seededRandom(seed);
const recipe = recipeWith({
  maxSteps: null,
  epochs: 60,
  batchSize: 4,
  dropout: 0.1,
  schedule: "cosine",
  warmup: 0.1,
  learningRate: 2e-3,
  projections: ["q", "v", "up"],
  checkpointEvery: 7,
});

interface Bench {
  readonly studio: Studio;
  /** Ends the engine process that trains, as the system would. */
  kill(signal?: NodeJS.Signals): void;
}

async function openBench(spawner: EngineSpawner = realSpawner()): Promise<Bench> {
  let pid: number | undefined;
  const studio = await openStudio({
    addonPath,
    spawner: (options) => {
      const child = spawner(options);
      if (options.role === "training") pid = child.pid;
      return child;
    },
  });
  const kill = (signal: NodeJS.Signals = "SIGKILL") => {
    try {
      if (pid !== undefined) process.kill(pid, signal);
    } catch {
      // It is gone already.
    }
  };
  return { studio, kill };
}

async function start({ client, folder }: Studio): Promise<RunRecord> {
  const rows = Array.from({ length: 40 }, (_, index) =>
    JSON.stringify({ prompt: `say ${index % 7}`, completion: `it is ${index % 7}` }),
  );
  writeFileSync(join(folder, "rows.jsonl"), `${rows.join("\n")}\n`);
  const model = await client.models.add({ path: modelFixture("bitnet-tq2_0") });
  const dataset = await client.datasets.import({ path: join(folder, "rows.jsonl") });
  return client.runs.start({ modelId: model.id, datasetId: dataset.id, goal: "format", recipe });
}

const isOver = ({ state }: RunRecord) => state === "done" || state === "failed";
const end = ({ client }: Studio, id: string) => eventually(() => client.runs.get({ id }), isOver);

async function adapterOf({ client }: Studio): Promise<{ digest: string; bytes: number }> {
  const [adapter] = await client.adapters.list();
  const bytes = readFileSync(adapter?.path ?? "");
  return { digest: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length };
}

async function logOf({ client }: Studio, id: string): Promise<string> {
  return (await client.runs.history({ id })).log.map(({ text }) => text).join("\n");
}

const checkpointOf = ({ folder }: Studio, id: string) => join(folder, "data", "runs", id, "checkpoint.gguf");

/** Waits until the run has computed a little more, for a random while. */
async function trainOn({ client }: Studio, id: string): Promise<boolean> {
  const before = (await client.runs.history({ id })).metrics.length;
  const training = await eventually(
    async () => ({ run: await client.runs.get({ id }), metrics: (await client.runs.history({ id })).metrics }),
    ({ run, metrics }) =>
      isOver(run) || (run.state === "running" && run.progress?.phase === "training" && metrics.length > 0),
  );
  if (isOver(training.run)) return false;
  await setTimeout(random() * (before === 0 ? 500 : 700));
  return true;
}

describe(`a run on the real engine (seed ${seed})`, () => {
  let unbroken: { digest: string; bytes: number };

  it("that nothing happens to trains all its steps", { timeout: 120_000 }, async () => {
    const { studio } = await openBench();
    const { id } = await start(studio);
    expect(await end(studio, id)).toMatchObject({ state: "done", progress: { step: 540 } });
    unbroken = await adapterOf(studio);
  });

  it("whose engine is killed again and again ends with the unbroken adapter", { timeout: 120_000 }, async () => {
    const { studio, kill } = await openBench();
    const { id } = await start(studio);
    for (let kills = 0; kills < 5 && (await trainOn(studio, id)); kills += 1) kill(kills === 2 ? "SIGTERM" : "SIGKILL");
    // Three deaths before any new checkpoint are given up, until the person wishes to go on.
    while ((await end(studio, id)).state === "failed") await studio.client.runs.continue({ id });
    expect((await adapterOf(studio)).digest).toBe(unbroken.digest);
    expect(await logOf(studio, id)).toContain("The engine was ended from outside");
    // Told once each, however often they were computed.
    const { metrics } = await studio.client.runs.history({ id });
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 540 }, (_, index) => index + 1));
  });

  it("whose newest checkpoint is cut by a power failure goes on from the one before it, and says so", {
    timeout: 120_000,
  }, async () => {
    const { studio } = await openBench();
    const { id } = await start(studio);
    const checkpoint = checkpointOf(studio, id);
    await eventually(
      () => existsSync(`${checkpoint}.previous`),
      (there) => there,
    );
    await studio.client.runs.pause({ id });
    truncateSync(checkpoint, Math.floor(random() * statSync(checkpoint).size));
    await studio.client.runs.continue({ id });
    expect(await end(studio, id)).toMatchObject({ state: "done" });
    expect((await adapterOf(studio)).digest).toBe(unbroken.digest);
    expect(await logOf(studio, id)).toContain("the checkpoint before it is whole and is used instead");
  });

  it("that has lost both checkpoints begins again and says so", { timeout: 120_000 }, async () => {
    const { studio } = await openBench();
    const { id } = await start(studio);
    const checkpoint = checkpointOf(studio, id);
    await eventually(
      () => existsSync(`${checkpoint}.previous`),
      (there) => there,
    );
    await studio.client.runs.pause({ id });
    for (const path of [checkpoint, `${checkpoint}.previous`]) {
      const bytes = readFileSync(path);
      const place = bytes.length - 64 - Math.floor(random() * 4096);
      bytes[place] = (bytes[place] ?? 0) ^ 4;
      writeFileSync(path, bytes);
    }
    await studio.client.runs.continue({ id });
    expect(await end(studio, id)).toMatchObject({ state: "done" });
    expect((await adapterOf(studio)).digest).toBe(unbroken.digest);
    expect(await logOf(studio, id)).toContain("no earlier checkpoint is whole, so the run begins again");
  });

  it.skipIf(process.platform === "win32")(
    "goes on while no checkpoint fits on the disk, and its files stay whole",
    { timeout: 120_000 },
    async () => {
      // A limit on the size of files cuts a write in the middle, as a full disk does. An adapter fits, a checkpoint of three
      // times its size does not.
      const real = realSpawner();
      let script = "";
      const { studio, kill } = await openBench((options) => {
        if (options.role !== "training") return real(options);
        const node = process.execPath;
        process.execPath = script;
        try {
          return real(options);
        } finally {
          process.execPath = node;
        }
      });
      script = join(studio.folder, "node-with-little-room");
      const blocks = Math.floor((2 * unbroken.bytes) / 512);
      writeFileSync(script, `#!/bin/sh\nulimit -f ${blocks}\nexec "${process.execPath}" "$@"\n`);
      chmodSync(script, 0o755);
      const { id } = await start(studio);
      if (await trainOn(studio, id)) kill();
      expect(await end(studio, id)).toMatchObject({ state: "done" });
      expect((await adapterOf(studio)).digest).toBe(unbroken.digest);
      expect(await logOf(studio, id)).toContain("no checkpoint was written");
      expect(readdirSync(join(studio.folder, "data", "runs"))).toEqual([]);
    },
  );
});
