import { combinations, recipeOf } from "@shared/models/sweep";
import { describe, expect, it } from "vitest";
import { recipeWith } from "../../support/recipe";
import { eventually, openStudio, runUntil, type Studio, stock } from "../../support/studio";

async function sweep(studio: Studio, grid: Parameters<Studio["client"]["runs"]["sweep"]>[0]["grid"], changes = {}) {
  const { model, dataset } = await stock(studio);
  return studio.client.runs.sweep({
    modelId: model.id,
    datasetId: dataset.id,
    goal: "format",
    recipe: recipeWith(changes),
    grid,
    name: "Grid",
  });
}

const ended = (studio: Studio, id: string) =>
  runUntil(studio, id, ({ state }) => state === "done" || state === "failed" || state === "cancelled");

describe("a grid", () => {
  it("is every combination, each once", () => {
    expect(combinations({ learningRate: [1e-4, 2e-4], rank: [4, 8, 4] })).toEqual([
      { learningRate: 1e-4, rank: 4 },
      { learningRate: 1e-4, rank: 8 },
      { learningRate: 2e-4, rank: 4 },
      { learningRate: 2e-4, rank: 8 },
    ]);
    expect(combinations({})).toEqual([{}]);
  });

  it("keeps alpha over rank where only the rank is tried", () => {
    const recipe = recipeWith({ rank: 4, alpha: 8 });
    expect(recipeOf(recipe, { rank: 16 })).toMatchObject({ rank: 16, alpha: 32 });
    expect(recipeOf(recipe, { rank: 16, alpha: 8 })).toMatchObject({ rank: 16, alpha: 8 });
  });
});

describe("a sweep", () => {
  it("queues a run for each combination, and the lowest validation loss wins", async () => {
    const studio = await openStudio();
    studio.engine.validationLoss = ({ learningRate, rank }) => learningRate * 1000 + Math.abs(rank - 8);
    const { id, runs } = await sweep(studio, { learningRate: [3e-3, 1e-3], rank: [4, 8] });
    expect(runs.map(({ change }) => change)).toEqual([
      { learningRate: 3e-3, rank: 4 },
      { learningRate: 3e-3, rank: 8 },
      { learningRate: 1e-3, rank: 4 },
      { learningRate: 1e-3, rank: 8 },
    ]);
    const records = await Promise.all(runs.map((run) => ended(studio, run.id)));
    expect(records.map(({ state }) => state)).toEqual(["done", "done", "done", "done"]);
    expect(records.map(({ sweepId }) => sweepId)).toEqual([id, id, id, id]);
    expect(records[0]?.name).toBe("Grid: learning rate 0.003, rank 4");
    const [found] = await studio.client.runs.sweeps();
    expect(found?.runs.map(({ validationLoss }) => validationLoss)).toEqual([7, 3, 5, 1]);
    expect(found?.winner).toBe(runs[3]?.id);
  });

  it("goes on when one of its runs fails", async () => {
    const studio = await openStudio();
    studio.engine.fails = ({ rank }) => rank === 8;
    const { runs } = await sweep(studio, { rank: [4, 8, 16] });
    const records = await Promise.all(runs.map((run) => ended(studio, run.id)));
    expect(records.map(({ state }) => state)).toEqual(["done", "failed", "done"]);
    const [found] = await studio.client.runs.sweeps();
    expect(found?.runs[1]?.validationLoss).toBeNull();
    expect([runs[0]?.id, runs[2]?.id]).toContain(found?.winner);
  });

  it("is cancelled as a whole; what is done stays", async () => {
    const studio = await openStudio();
    const { id, runs } = await sweep(studio, { rank: [4, 8, 16] });
    await ended(studio, runs[0]?.id ?? "");
    studio.engine.stepMs = 50;
    await eventually(
      () => studio.engine.trained.length,
      (starts) => starts >= 2,
    );
    const cancelled = await studio.client.runs.cancelSweep({ id });
    const states = await Promise.all(runs.map((run) => studio.client.runs.get({ id: run.id })));
    expect(states[0]?.state).toBe("done");
    expect(states.at(-1)?.state).toBe("cancelled");
    expect(states.some(({ state }) => state === "queued" || state === "running")).toBe(false);
    expect(cancelled.winner).toBe(runs[0]?.id);
  });

  it("survives a restart, and is forgotten with the last of its runs", async () => {
    const studio = await openStudio();
    await studio.client.runs.hold({ held: true });
    const { runs } = await sweep(studio, { rank: [4, 8] });
    const again = await studio.reopen();
    const [found] = await again.client.runs.sweeps();
    expect(found?.runs.map(({ id }) => id)).toEqual(runs.map(({ id }) => id));
    for (const { id } of runs) await again.client.runs.remove({ id });
    expect(await again.client.runs.sweeps()).toEqual([]);
  });

  it("is refused whole when it is too small, too large, cannot be judged, or one of its runs does not fit", async () => {
    const studio = await openStudio({ availableBytes: () => 1_000_000_000 });
    await expect(sweep(studio, { rank: [8] })).rejects.toMatchObject({ code: "sweep.too-few" });
    const many = { learningRate: [1e-4, 2e-4, 3e-4, 4e-4, 5e-4], rank: [1, 2, 3, 4, 5] };
    await expect(sweep(studio, many)).rejects.toMatchObject({
      code: "sweep.too-many",
      details: { found: 25, limit: 24 },
    });
    await expect(sweep(studio, { rank: [4, 8] }, { validationShare: 0 })).rejects.toMatchObject({
      code: "sweep.no-validation",
    });
    studio.engine.peakBytes = 10_000_000_000;
    await expect(sweep(studio, { rank: [4, 8] })).rejects.toMatchObject({
      message: expect.stringMatching(/^With rank 4:/),
    });
    expect(await studio.client.runs.list()).toEqual([]);
  });
});
