import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ActiveCheckpoint, GenerationEnd } from "@shared/models/chat";
import type { RunRecord } from "@shared/models/run";
import { describe, expect, it } from "vitest";
import { addonPath, modelFixture, realSpawner } from "../../support/real-engine";
import { recipeWith } from "../../support/recipe";
import { eventually, openStudio, type Studio } from "../../support/studio";

// The real engine on a tiny model: a run leaves places to go back to.

const recipe = recipeWith({
  maxSteps: 30,
  epochs: 100,
  batchSize: 4,
  learningRate: 2e-3,
  dropout: 0.1,
  validateEvery: 10,
  checkpointEvery: 10,
});

const openReal = () => openStudio({ addonPath, spawner: realSpawner() });

async function start({ client, folder }: Studio, changes: Partial<typeof recipe> = {}): Promise<RunRecord> {
  const rows = Array.from({ length: 40 }, (_, index) =>
    JSON.stringify({ prompt: `say ${index % 7}`, completion: `it is ${index % 7}` }),
  );
  writeFileSync(join(folder, "rows.jsonl"), `${rows.join("\n")}\n`);
  const model = await client.models.add({ path: modelFixture("bitnet-tq2_0") });
  const dataset = await client.datasets.import({ path: join(folder, "rows.jsonl") });
  const plan = { modelId: model.id, datasetId: dataset.id, goal: "format" as const };
  return client.runs.start({ ...plan, recipe: { ...recipe, ...changes } });
}

const over = ({ client }: Studio, id: string) =>
  eventually(
    () => client.runs.get({ id }),
    ({ state }) => state === "done" || state === "failed",
  );

const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

async function answer(studio: Studio, modelId: string, active: ActiveCheckpoint | null): Promise<GenerationEnd> {
  const { generationId } = await studio.client.playground.generate({
    modelId,
    adapters: active ? [active] : [],
    messages: [{ role: "user", content: "say 3" }],
    sampling: {
      temperature: 0,
      topK: 0,
      topP: 1,
      minP: 0,
      repetitionPenalty: 1,
      seed: 1,
      maxTokens: 4,
      stop: [],
    },
  });
  const ended = await eventually(
    () =>
      studio.news.find(
        ({ path, payload }) => path === "playground.end" && (payload as GenerationEnd).generationId === generationId,
      ),
    (news) => news !== undefined,
  );
  return ended?.payload as GenerationEnd;
}

describe("the checkpoints of a run", () => {
  it("stay after its end, can be talked to, and become adapters", { timeout: 120_000 }, async () => {
    const studio = await openReal();
    const { client } = studio;
    const { id, modelId } = await start(studio);
    const run = await over(studio, id);
    const kept = await client.runs.checkpoints({ id });
    expect(kept.map(({ step }) => step)).toEqual([10, 20, 30]);
    const { metrics } = await client.runs.history({ id });
    for (const { step, trainLoss, validationLoss, checksum, bytes } of kept) {
      const point = metrics.find((metric) => metric.step === step);
      expect({ trainLoss, validationLoss }).toEqual({
        trainLoss: point?.trainLoss,
        validationLoss: point?.validationLoss,
      });
      expect(checksum).toMatch(/^[0-9a-f]{16}$/);
      expect(bytes).toBeGreaterThan(1000);
    }
    const lowest = metrics.reduce((best, point) =>
      (point.validationLoss ?? Number.POSITIVE_INFINITY) < (best.validationLoss ?? Number.POSITIVE_INFINITY)
        ? point
        : best,
    );
    expect(kept.filter(({ best }) => best).map(({ step }) => step)).toEqual([lowest.step]);
    // Only what is of use is left.
    expect(readdirSync(join(studio.folder, "data", "runs", id)).sort()).toEqual([
      "kept",
      "train.jsonl",
      "validation.jsonl",
    ]);

    const early = await answer(studio, modelId, { runId: id, step: 10, strength: 1 });
    expect(early).toMatchObject({ error: null, provenance: { adapters: [{ strength: 1 }] } });
    const last = await answer(studio, modelId, { runId: id, step: 30, strength: 1 });
    // The engine says what answered: at the last step it is the adapter of the run, to the byte.
    const [final] = await client.adapters.list();
    expect(final).toMatchObject({ id: run.adapterId, checkpointStep: null });
    expect(last.provenance?.adapters[0]?.digest).toBe(final?.digest);
    expect(early.provenance?.adapters[0]?.digest).not.toBe(final?.digest);

    const adapter = await client.runs.promote({ id, step: 10 });
    expect(adapter).toMatchObject({
      name: `${run.name}, step 10`,
      runId: id,
      checkpointStep: 10,
      digest: early.provenance?.adapters[0]?.digest,
      finalTrainLoss: kept[0]?.trainLoss,
      finalValidationLoss: kept[0]?.validationLoss,
    });
    expect((await client.runs.promote({ id, step: 10, name: "again" })).id).toBe(adapter.id);
    expect((await client.runs.checkpoints({ id }))[0]?.adapterId).toBe(adapter.id);

    await client.runs.remove({ id });
    expect(existsSync(join(studio.folder, "data", "runs", id))).toBe(false);
    // Adapters stay, whatever becomes of the run.
    expect((await client.adapters.list()).map(({ missing }) => missing)).toEqual([false, false]);
    await expect(answer(studio, modelId, { runId: id, step: 20, strength: 1 })).rejects.toMatchObject({
      code: "run.unknown",
    });
  });

  it("say so when one is damaged or gone, and are never used then", { timeout: 120_000 }, async () => {
    const studio = await openReal();
    const { id } = await start(studio);
    await over(studio, id);
    const path = join(studio.folder, "data", "runs", id, "kept", "20.gguf");
    const bytes = readFileSync(path);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await expect(studio.client.runs.promote({ id, step: 20 })).rejects.toMatchObject({ code: "checkpoint.damaged" });
    await expect(studio.client.runs.promote({ id, step: 15 })).rejects.toMatchObject({ code: "checkpoint.gone" });
    expect(await studio.client.adapters.list()).toHaveLength(1);

    await studio.client.runs.prove({ id, step: 20 });
    const proof = await eventually(
      () => studio.client.runs.proof({ id }),
      ({ working }) => working === null,
    );
    expect(proof).toMatchObject({ results: [], error: { code: "checkpoint.damaged" } });
  });
});

describe("checkpoints that are dropped", () => {
  it("leave nothing behind of a finished run but its adapter", { timeout: 120_000 }, async () => {
    const studio = await openReal();
    const { client } = studio;
    const { id } = await start(studio);
    await over(studio, id);
    await client.runs.dropCheckpoints({ id });
    expect(await client.runs.checkpoints({ id })).toEqual([]);
    expect(existsSync(join(studio.folder, "data", "runs", id))).toBe(false);
    expect((await client.adapters.list()).map(({ missing }) => missing)).toEqual([false]);
    expect((await client.runs.proof({ id })).whyNot).toContain("no longer kept");
  });

  it("do not keep a run that waits from going on", { timeout: 120_000 }, async () => {
    const studio = await openReal();
    const { client } = studio;
    const { id } = await start(studio, { maxSteps: 200, checkpointEvery: 5 });
    await eventually(
      () => client.runs.get({ id }),
      ({ progress }) => (progress?.step ?? 0) >= 12,
    );
    await client.runs.pause({ id });
    await client.runs.dropCheckpoints({ id });
    await client.runs.continue({ id });
    expect((await over(studio, id)).state).toBe("done");
    expect((await client.runs.proof({ id })).resumes).toMatchObject([{ from: "newest" }]);
  });
});

describe("the pace of a run", () => {
  it("changes nothing of what it learns", { timeout: 120_000 }, async () => {
    const studio = await openReal();
    const { client } = studio;
    const end = async (id: string) => {
      const { adapterId } = await over(studio, id);
      return (await client.adapters.list()).find((adapter) => adapter.id === adapterId);
    };
    await client.settings.set({ pace: "full", threads: 2 });
    const full = await end((await start(studio)).id);
    const fullRun = full?.runId ?? "";
    await client.settings.set({ pace: "quiet" });
    const { id } = await client.runs.repeat({ id: fullRun, change: {} });
    await eventually(
      () => client.runs.get({ id }),
      ({ progress }) => (progress?.step ?? 0) >= 5,
    );
    await client.settings.set({ pace: "balanced" });
    expect((await end(id))?.digest).toBe(full?.digest);
  });
});

describe("the proof of a run", () => {
  it("shows what each resume found, and computes the run again to the same bits", { timeout: 120_000 }, async () => {
    const studio = await openReal();
    const { client } = studio;
    const { id } = await start(studio, { maxSteps: 300, epochs: 100, checkpointEvery: 20 });
    await eventually(
      () => client.runs.get({ id }),
      ({ progress }) => (progress?.step ?? 0) >= 30,
    );
    expect((await client.runs.proof({ id })).whyNot).toContain("come to its end");
    await client.runs.pause({ id });
    await client.runs.continue({ id });
    const run = await over(studio, id);
    expect(run.state).toBe("done");

    const before = await client.runs.proof({ id });
    expect(before.whyNot).toBeNull();
    expect(before.resumes).toHaveLength(1);
    const [resume] = before.resumes;
    expect(resume).toMatchObject({ from: "newest", written: resume?.checksum });
    expect(resume?.step).toBeGreaterThanOrEqual(30);
    const [adapter] = await client.adapters.list();
    expect(before.digest).toBe(sha256(adapter?.path ?? ""));

    const fromStep = (await client.runs.checkpoints({ id }))[0]?.step ?? 0;
    expect((await client.runs.prove({ id, step: fromStep })).working).toMatchObject({ fromStep, toStep: 300 });
    const after = await eventually(
      () => client.runs.proof({ id }),
      ({ working }) => working === null,
    );
    expect(after.error).toBeNull();
    expect(after.results).toMatchObject([
      {
        fromStep,
        toStep: 300,
        expected: before.digest,
        found: before.digest,
        checksum: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ]);
    expect(existsSync(join(studio.folder, "data", "runs", id, "proof"))).toBe(false);
    expect(studio.news.filter(({ path }) => path === "runs.proofChanged").length).toBeGreaterThan(2);
  });

  it("finds a difference where there is one", { timeout: 120_000 }, async () => {
    const studio = await openReal();
    const { client } = studio;
    const { id } = await start(studio);
    await over(studio, id);
    // Other rows than those it was trained on are noticed before the first step; a changed checkpoint is damaged. So the
    // difference has to be in what the run noted as its adapter.
    const rows = join(studio.folder, "data", "runs", id, "train.jsonl");
    const original = readFileSync(rows, "utf8");
    writeFileSync(rows, original.replace("say 1", "say 9"));
    await client.runs.prove({ id, step: 10 });
    const refused = await eventually(
      () => client.runs.proof({ id }),
      ({ working }) => working === null,
    );
    expect(refused.error).toMatchObject({ code: "checkpoint.mismatch" });
  });

  it("of a run that lost its patience ends where that run did, with its best adapter", {
    timeout: 120_000,
  }, async () => {
    const studio = await openReal();
    const { client } = studio;
    const impatient = {
      maxSteps: null,
      epochs: 1000,
      validateEvery: 2,
      patience: 2,
      checkpointEvery: 2,
      learningRate: 0.05,
    };
    const { id } = await start(studio, impatient);
    const run = await over(studio, id);
    expect(run.progress?.step).toBeLessThan(run.progress?.totalSteps ?? 0);
    const [first] = await client.runs.checkpoints({ id });
    await client.runs.prove({ id, step: first?.step ?? 0 });
    const proof = await eventually(
      () => client.runs.proof({ id }),
      ({ working }) => working === null,
    );
    expect(proof.error).toBeNull();
    expect(proof.results).toMatchObject([{ toStep: run.progress?.step, found: proof.digest }]);
  });

  it("of a run that a limit of time ended goes to the same step", { timeout: 120_000 }, async () => {
    const studio = await openReal();
    const { client } = studio;
    const { id } = await start(studio, { maxSteps: null, epochs: 1000, maxMinutes: 0.02, checkpointEvery: 5 });
    const run = await over(studio, id);
    expect(run.progress?.step).toBeLessThan(run.progress?.totalSteps ?? 0);
    await client.runs.prove({ id });
    const proof = await eventually(
      () => client.runs.proof({ id }),
      ({ working }) => working === null,
    );
    expect(proof.error).toBeNull();
    expect(proof.results).toMatchObject([{ toStep: run.progress?.step, found: proof.digest }]);
  });
});
