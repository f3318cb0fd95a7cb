import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleSchema } from "@shared/models/bundle";
import { defaultSampling, type GenerationEnd } from "@shared/models/chat";
import type { Recipe } from "@shared/models/recipe";
import type { RunRecord } from "@shared/models/run";
import { describe, expect, it } from "vitest";
import { addonPath, modelFixture, realSpawner } from "../../support/real-engine";
import { recipeWith } from "../../support/recipe";
import { eventually, openStudio, type Studio } from "../../support/studio";

const openReal = (folder?: string) => openStudio({ addonPath, spawner: realSpawner() }, folder);

/** Rows whose answers follow from their questions, so that a loss can fall. */
function writeRows(path: string, rows: number): string {
  const lines = Array.from({ length: rows }, (_, index) =>
    JSON.stringify({ prompt: `say ${index % 7}`, completion: `it is ${index % 7}` }),
  );
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

async function stockReal(studio: Studio, model = "bitnet-tq2_0") {
  return {
    model: await studio.client.models.add({ path: modelFixture(model) }),
    dataset: await studio.client.datasets.import({ path: writeRows(join(studio.folder, "rows.jsonl"), 40) }),
  };
}

async function start(studio: Studio, changes: Partial<Recipe>, model?: string): Promise<RunRecord> {
  const stocked = await stockReal(studio, model);
  const recipe = recipeWith({
    maxSteps: null,
    epochs: 2,
    batchSize: 4,
    learningRate: 2e-3,
    projections: ["q", "v", "up"],
    ...changes,
  });
  return studio.client.runs.start({ modelId: stocked.model.id, datasetId: stocked.dataset.id, goal: "format", recipe });
}

const until = (studio: Studio, id: string, reached: (run: RunRecord) => boolean) =>
  eventually(
    () => studio.client.runs.get({ id }),
    (run) => reached(run) || run.state === "failed",
  );

const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

describe("with the real engine, the services", () => {
  it("train a ternary model, score it, answer with it and export it checked", { timeout: 120_000 }, async () => {
    const studio = await openReal();
    const { client } = studio;
    const started = await start(studio, { validateEvery: 5, sampleEvery: 5 });
    const run = await until(studio, started.id, ({ state }) => state === "done");
    expect(run, JSON.stringify(run.error)).toMatchObject({ state: "done", progress: { step: 18, totalSteps: 18 } });

    const { metrics, samples, log } = await client.runs.history({ id: run.id });
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
    expect(metrics.at(-1)?.trainLoss).toBeLessThan((metrics[0]?.trainLoss ?? 0) * 0.8);
    expect(metrics.filter(({ validationLoss }) => validationLoss !== null).map(({ step }) => step)).toEqual([
      5, 10, 15, 18,
    ]);
    // The rows kept aside follow the same rule as those trained on.
    expect(metrics.at(-1)?.validationLoss).toBeLessThan((metrics[0]?.trainLoss ?? 0) * 0.8);
    expect(samples.length).toBeGreaterThan(0);
    expect(log.filter(({ level }) => level === "error")).toEqual([]);

    const adapterId = run.adapterId ?? "";
    const scored = await client.adapters.score({ id: adapterId });
    // "it is 3": short, and not JSON.
    expect(scored.scoreBy).toBe("exact");
    expect(scored.scoreBefore).toMatchObject({ rows: 4, jsonEqual: null });
    // The loss on the rows kept aside is the one that the run's own validation found.
    expect(scored.scoreAfter?.loss).toBeCloseTo(metrics.at(-1)?.validationLoss ?? 0, 4);
    expect(scored.scoreAfter?.loss).toBeLessThan(scored.scoreBefore?.loss ?? 0);
    expect(scored.effect?.answers).toBe(4);
    expect(scored.effect?.answersChanged).toBeGreaterThan(0);
    expect(scored.effect?.generalTokens).toBeGreaterThan(300);
    // A model that is made to say one thing says everything else less well.
    expect(scored.effect?.generalLossAfter).not.toBe(scored.effect?.generalLossBefore);
    expect(scored.finalTrainLoss).toBeCloseTo(metrics.at(-1)?.trainLoss ?? 0);

    const question = {
      messages: [{ role: "user" as const, content: "say 3" }],
      sampling: { ...defaultSampling, temperature: 0, maxTokens: 8 },
    };
    const { generationId } = await client.playground.generate({
      modelId: run.modelId,
      adapters: [{ adapterId, strength: 0.5 }],
      ...question,
    });
    const ends = () =>
      studio.news.filter(({ path }) => path === "playground.end").map(({ payload }) => payload as GenerationEnd);
    const [end] = await eventually(ends, (all) => all.some((found) => found.generationId === generationId));
    expect(end).toMatchObject({ error: null, provenance: { adapters: [{ digest: scored.digest, strength: 0.5 }] } });
    expect(end?.tokens).toBeGreaterThan(0);

    const target = join(studio.folder, "export");
    mkdirSync(target);
    for (const type of ["f32", "f16"] as const) {
      const request = { adapterId, folder: target, profile: "adapter", adapterType: type } as const;
      const { path: folder, bundle } = await client.exports.write(request);
      expect(bundleSchema.parse(JSON.parse(readFileSync(join(folder, "hone.json"), "utf8")))).toEqual(bundle);
      expect(bundle.eval.tokens).toBeGreaterThan(20);
      expect(bundle.eval.top1_agreement).toBeGreaterThan(0.95);
      const file = bundle.files.find(({ role }) => role === "adapter")?.path ?? "";
      const imported = await client.adapters.import({ path: join(folder, file), modelId: run.modelId });
      expect(imported).toMatchObject({ rank: 4, alpha: 8, architecture: "bitnet" });
    }
  });

  it("pause a run and go on to the very adapter of an unbroken one", { timeout: 120_000 }, async () => {
    const changes = { epochs: 8, dropout: 0.1, schedule: "cosine" as const, checkpointEvery: 4 };
    const unbroken = await openReal();
    const whole = await until(unbroken, (await start(unbroken, changes)).id, ({ state }) => state === "done");
    const [expected] = await unbroken.client.adapters.list();

    const broken = await openReal();
    const { id } = await start(broken, changes);
    await until(broken, id, ({ progress }) => (progress?.step ?? 0) >= 6);
    const paused = await broken.client.runs.pause({ id });
    expect(paused.state === "paused" || paused.state === "done").toBe(true);
    if (paused.state === "paused") await broken.client.runs.continue({ id });
    const resumed = await until(broken, id, ({ state }) => state === "done");
    const [found] = await broken.client.adapters.list();
    expect(resumed.progress?.step).toBe(whole.progress?.step);
    expect(found?.finalTrainLoss).toBe(expected?.finalTrainLoss);
    expect(sha256(found?.path ?? "")).toBe(sha256(expected?.path ?? ""));
  });

  it("survive the death of the training engine and go on from its checkpoint", {
    timeout: 120_000,
  }, async () => {
    const spawner = realSpawner();
    const trainers: { kill: () => void }[] = [];
    const studio = await openStudio({
      addonPath,
      spawner: (options) => {
        const child = spawner(options);
        if (options.role === "training") trainers.push(child);
        return child;
      },
    });
    const { id } = await start(studio, { epochs: 8, checkpointEvery: 4 });
    await until(studio, id, ({ progress }) => (progress?.step ?? 0) >= 6);
    trainers.at(-1)?.kill();
    const done = await eventually(
      () => studio.client.runs.get({ id }),
      ({ state }) => state === "done",
    );
    expect(done.progress?.step).toBe(72);
    const { metrics } = await studio.client.runs.history({ id });
    const steps = metrics.map(({ step }) => step);
    expect([steps[0], steps.at(-1)]).toEqual([1, 72]);
    expect(steps).toEqual([...new Set(steps)].sort((left, right) => left - right));
  });

  it("stop a run early that learns by heart, and keep its best adapter", { timeout: 120_000 }, async () => {
    const studio = await openReal();
    const { id } = await start(studio, { epochs: 40, learningRate: 3e-2, validateEvery: 3, patience: 2 });
    const run = await until(studio, id, ({ state }) => state === "done");
    expect(run, JSON.stringify(run.error)).toMatchObject({ state: "done", progress: { totalSteps: 360 } });
    expect(run.progress?.step).toBeLessThan(360);
    const { metrics, log } = await studio.client.runs.history({ id });
    const losses = metrics.flatMap(({ validationLoss }) => validationLoss ?? []);
    const [adapter] = await studio.client.adapters.list();
    expect(adapter?.finalValidationLoss).toBe(Math.min(...losses));
    expect(losses.slice(-2).every((loss) => loss >= Math.min(...losses))).toBe(true);
    const said = log.map(({ text }) => text).join("\n");
    expect(said).toContain("the last 2 validations brought no lower loss");
    expect(said).toMatch(/The adapter is that of step \d+, which had the lowest validation loss/);
  });

  it("end a run at its time limit with an adapter, pauses not counted", { timeout: 120_000 }, async () => {
    const studio = await openReal();
    const { id } = await start(studio, { epochs: 900, maxMinutes: 0.02 });
    await until(studio, id, ({ progress }) => (progress?.step ?? 0) >= 3);
    await studio.client.runs.pause({ id });
    await studio.client.runs.continue({ id });
    const run = await until(studio, id, ({ state }) => state === "done");
    expect(run.progress?.step).toBeLessThan(8100);
    expect(run.adapterId).not.toBeNull();
    const { log, metrics } = await studio.client.runs.history({ id });
    expect(log.map(({ text }) => text).join("\n")).toContain("The time limit of 0.02 minutes ended the run");
    expect(metrics.at(-1)?.elapsedSeconds).toBeGreaterThanOrEqual(1.2);
  });

  it("refuse what cannot work, in words, and stay up", { timeout: 60_000 }, async () => {
    const studio = await openReal();
    const { client } = studio;
    const { model, dataset } = await stockReal(studio);
    const cut = join(studio.folder, "cut.gguf");
    writeFileSync(cut, readFileSync(modelFixture("bitnet-tq2_0")).subarray(0, 100_000));
    await expect(client.models.add({ path: cut })).rejects.toMatchObject({ code: expect.stringMatching(/^gguf\./) });
    await expect(
      client.adapters.import({ path: modelFixture("grad-lora-llama-f16"), modelId: model.id }),
    ).rejects.toMatchObject({
      code: "adapter.architecture",
    });
    await expect(client.adapters.import({ path: modelFixture("llama-f16"), modelId: model.id })).rejects.toMatchObject({
      code: expect.stringMatching(/^adapter\./),
    });
    const forecast = await client.runs.forecast({
      modelId: model.id,
      datasetId: dataset.id,
      goal: "try",
      recipe: recipeWith({ contextLength: 8 }),
      probe: true,
    });
    expect(forecast.warnings.join(" ")).toContain("are cut at the end");
    expect(await client.models.list()).toHaveLength(1);
    expect(existsSync(cut)).toBe(true);
  });
});
