import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeFakeAdapter, writeFakeModel } from "../../support/fake-engine";
import { recipeWith } from "../../support/recipe";
import { openStudio, runUntil, type Studio, startRun, stock, writeQuestions } from "../../support/studio";

async function trained(studio: Studio): Promise<string> {
  await stock(studio);
  const { id } = await startRun(studio);
  const { adapterId } = await runUntil(studio, id, ({ state }) => state === "done");
  return adapterId ?? "";
}

describe("adapters", () => {
  it("from elsewhere are copied in once they fit the model", async () => {
    const studio = await openStudio();
    const { model } = await stock(studio);
    const path = writeFakeAdapter(join(studio.folder, "polite.gguf"));
    const adapter = await studio.client.adapters.import({ path, modelId: model.id });
    expect(adapter).toMatchObject({
      name: "polite",
      origin: "imported",
      modelId: model.id,
      rank: 4,
      alpha: 8,
      runId: null,
      missing: false,
    });
    expect(adapter.path).not.toBe(path);
    expect(adapter.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("that make the model answer nonsense numbers are not kept", async () => {
    const studio = await openStudio();
    const { model } = await stock(studio);
    const path = writeFakeAdapter(join(studio.folder, "wild.gguf"));
    studio.engine.effect = Number.POSITIVE_INFINITY;
    await expect(studio.client.adapters.import({ path, modelId: model.id })).rejects.toMatchObject({
      code: "adapter.check",
    });
    expect(await studio.client.adapters.list()).toEqual([]);
    expect(readdirSync(join(studio.folder, "data", "adapters"))).toEqual([]);
    studio.engine.effect = 0;
    const idle = await studio.client.adapters.import({ path, modelId: model.id });
    expect(idle.notices.join()).toContain("changes nothing");
  });

  it("for another base are refused and not kept", async () => {
    const studio = await openStudio();
    const { model } = await stock(studio);
    const path = writeFakeAdapter(join(studio.folder, "other.gguf"), "bitnet");
    await expect(studio.client.adapters.import({ path, modelId: model.id })).rejects.toMatchObject({
      code: "adapter.architecture",
    });
    await expect(
      studio.client.adapters.import({ path: join(studio.folder, "none.gguf"), modelId: model.id }),
    ).rejects.toMatchObject({ code: "file.missing" });
    expect(await studio.client.adapters.list()).toEqual([]);
  });

  it("are renamed, and removed with their file", async () => {
    const studio = await openStudio();
    const id = await trained(studio);
    const renamed = await studio.client.adapters.rename({ id, name: "Better" });
    expect(renamed.name).toBe("Better");
    await studio.client.adapters.remove({ id });
    expect(existsSync(renamed.path)).toBe(false);
    await expect(studio.client.adapters.remove({ id })).rejects.toMatchObject({ code: "adapter.unknown" });
  });
});

describe("a score", () => {
  it("counts exact answers on the rows kept aside, before and after", async () => {
    const studio = await openStudio();
    const id = await trained(studio);
    const scored = await studio.client.adapters.score({ id });
    expect(scored.scoreBy).toBe("json");
    expect(scored.scoreBefore).toEqual({ rows: 4, exactMatch: 0, contains: 0, jsonEqual: 0, loss: 3 });
    expect(scored.scoreAfter).toEqual({ rows: 4, exactMatch: 1, contains: 1, jsonEqual: 1, loss: 1 });
    expect(scored.effect).toEqual({
      answersChanged: 4,
      answers: 4,
      generalLossBefore: 3,
      generalLossAfter: 1,
      generalTokens: 8,
    });
    const progress = studio.news.filter(({ path }) => path === "adapters.scoring").map(({ payload }) => payload);
    expect(progress).toEqual(Array.from({ length: 9 }, (_, done) => ({ id, done, total: 8 })));
    expect(await studio.client.adapters.list()).toMatchObject([{ scoreAfter: { exactMatch: 1 } }]);
  });

  it("does not ask the base twice about the same rows", async () => {
    const studio = await openStudio();
    const first = await trained(studio);
    await studio.client.adapters.score({ id: first });
    const { id } = await startRun(studio);
    const second = await runUntil(studio, id, ({ state }) => state === "done");
    const before = studio.news.length;
    await studio.client.adapters.score({ id: second.adapterId ?? "" });
    const progress = studio.news.slice(before).filter(({ path }) => path === "adapters.scoring");
    expect(progress.at(-1)).toMatchObject({ payload: { done: 4, total: 4 } });
  });

  it("goes by what the person chose for the run, and by what they choose later", async () => {
    const studio = await openStudio();
    const { model, dataset } = await stock(studio);
    const { id } = await studio.client.runs.start({
      modelId: model.id,
      datasetId: dataset.id,
      goal: "format",
      recipe: recipeWith(),
      scoreBy: "contains",
    });
    const run = await runUntil(studio, id, ({ state }) => state === "done");
    expect(run.scoreBy).toBe("contains");
    const adapterId = run.adapterId ?? "";
    expect((await studio.client.adapters.score({ id: adapterId })).scoreBy).toBe("contains");
    const changed = await studio.client.adapters.scoreBy({ id: adapterId, kind: "exact" });
    expect(changed).toMatchObject({ scoreBy: "exact", scoreAfter: { exactMatch: 1 } });
    const again = await studio.client.runs.repeat({ id, change: {} });
    expect(again.scoreBy).toBe("contains");
  });

  it("uses the dataset's own test rows where there are some", async () => {
    const studio = await openStudio();
    await studio.close();
    const { folder, engine } = studio;
    const starter = {
      modelPath: writeFakeModel(join(folder, "model.gguf")),
      datasetName: "Requests",
      goal: "format" as const,
      recipe: recipeWith(),
      trainPath: writeQuestions(join(folder, "train.jsonl"), 30),
      testPath: writeQuestions(join(folder, "test.jsonl"), 7),
    };
    const again = await openStudio({ starter }, folder, engine);
    const { id } = await startRun(again);
    const run = await runUntil(again, id, ({ state }) => state === "done");
    expect((await again.client.adapters.score({ id: run.adapterId ?? "" })).scoreAfter).toMatchObject({
      rows: 7,
      exactMatch: 1,
    });
  });

  it("is refused for an adapter without rows", async () => {
    const studio = await openStudio();
    const { model } = await stock(studio);
    const imported = await studio.client.adapters.import({
      path: writeFakeAdapter(join(studio.folder, "a.gguf")),
      modelId: model.id,
    });
    await expect(studio.client.adapters.score({ id: imported.id })).rejects.toMatchObject({ code: "score.no-dataset" });
    const { id } = await startRun(studio, { validationShare: 0 });
    const run = await runUntil(studio, id, ({ state }) => state === "done");
    await expect(studio.client.adapters.score({ id: run.adapterId ?? "" })).rejects.toMatchObject({
      code: "score.no-rows",
    });
  });
});
