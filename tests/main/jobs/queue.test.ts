import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeFakeModel } from "../../support/fake-engine";
import { eventually, openStudio, runUntil, type Studio, startRun, stock } from "../../support/studio";

/** Ends the engine at this start of a run and the two after it: more than the queue puts up with. */
async function killThrice({ engine }: Studio): Promise<void> {
  const first = engine.trained.length;
  for (let deaths = 0; deaths < 3; deaths += 1) {
    await eventually(
      () => engine.trained.length,
      (starts) => starts === first + deaths,
    );
    engine.kill("training", "SIGKILL");
  }
}

describe("the queue", () => {
  it("trains a run to its end and keeps its adapter, curve and log", async () => {
    const studio = await openStudio();
    const { model } = await stock(studio);
    const started = await startRun(studio);
    const done = await runUntil(studio, started.id, ({ state }) => state === "done");
    expect(done.progress).toMatchObject({ step: 18, totalSteps: 18 });
    const [adapter] = await studio.client.adapters.list();
    expect(adapter).toMatchObject({
      id: done.adapterId,
      modelId: model.id,
      runId: done.id,
      origin: "trained",
      rank: 4,
      finalValidationLoss: 0.5,
    });
    const history = await studio.client.runs.history({ id: done.id });
    expect(history.metrics.map(({ step }) => step)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
    expect(history.log.map(({ text }) => text)).toEqual(["Training begins.", expect.stringContaining("Finished.")]);
  });

  it("trains one run after the other in the order of their start", async () => {
    const studio = await openStudio();
    await stock(studio);
    const first = await startRun(studio);
    const second = await startRun(studio);
    expect(second.state).toBe("queued");
    const done = await runUntil(studio, second.id, ({ state }) => state === "done");
    const before = await studio.client.runs.get({ id: first.id });
    expect(before.state).toBe("done");
    expect(Date.parse(done.startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(before.finishedAt ?? ""));
  });

  it("pauses at a checkpoint and goes on from there without telling a step twice", async () => {
    const studio = await openStudio();
    await stock(studio);
    studio.engine.stepMs = 50;
    const { id } = await startRun(studio);
    await runUntil(studio, id, ({ progress }) => (progress?.step ?? 0) >= 7);
    const paused = await studio.client.runs.pause({ id });
    expect(paused).toMatchObject({ state: "paused", resumable: true });
    const reached = paused.progress?.step ?? 0;
    expect(reached).toBeLessThan(18);
    studio.engine.stepMs = 1;
    await studio.client.runs.continue({ id });
    await runUntil(studio, id, ({ state }) => state === "done");
    expect(studio.engine.trained.map(({ resume }) => resume)).toEqual([false, true]);
    const { metrics } = await studio.client.runs.history({ id });
    expect(metrics).toHaveLength(18);
    // The time goes on, too.
    expect(metrics.map(({ elapsedSeconds }) => elapsedSeconds)).toEqual(metrics.map(({ step }) => step));
  });

  it("goes on by itself from the last checkpoint when a run loses its engine", async () => {
    const studio = await openStudio();
    await stock(studio);
    studio.engine.stepMs = 20;
    const { id } = await startRun(studio);
    await runUntil(studio, id, ({ progress }) => (progress?.step ?? 0) >= 8);
    studio.engine.kill("training", "SIGKILL");
    studio.engine.stepMs = 1;
    const done = await runUntil(studio, id, ({ state }) => state === "done");
    expect(done.error).toBeNull();
    expect(studio.engine.trained.map(({ resume }) => resume)).toEqual([false, true]);
    const { metrics, log } = await studio.client.runs.history({ id });
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
    expect(log.map(({ text }) => text)).toContain("It goes on from its last checkpoint.");
  });

  it("gives up a run that loses its engine three times without a new checkpoint, and can continue it", async () => {
    const studio = await openStudio();
    await stock(studio);
    studio.engine.stepMs = 50;
    const { id } = await startRun(studio, { checkpointEvery: 0 });
    await runUntil(studio, id, ({ progress }) => (progress?.step ?? 0) >= 3);
    await studio.client.runs.pause({ id });
    await studio.client.runs.continue({ id });
    await eventually(
      () => studio.engine.trained.length,
      (starts) => starts === 2,
    );
    await killThrice(studio);
    const failed = await runUntil(studio, id, ({ state }) => state === "failed");
    expect(failed.error).toMatchObject({ code: "engine.killed" });
    expect(failed.resumable).toBe(true);
    studio.engine.stepMs = 1;
    await studio.client.runs.continue({ id });
    const done = await runUntil(studio, id, ({ state }) => state === "done");
    expect(done.error).toBeNull();
    const { metrics, log } = await studio.client.runs.history({ id });
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
    expect(log.map(({ level }) => level)).toContain("error");
  });

  it("goes on with the next run after one has failed", async () => {
    const studio = await openStudio();
    await stock(studio);
    studio.engine.stepMs = 50;
    const first = await startRun(studio, { checkpointEvery: 0 });
    const second = await startRun(studio);
    await runUntil(studio, first.id, ({ progress }) => (progress?.step ?? 0) >= 1);
    await killThrice(studio);
    await runUntil(studio, second.id, ({ state }) => state === "done");
    expect((await studio.client.runs.get({ id: first.id })).state).toBe("failed");
  });

  it("begins no run while it is held, also after a restart, and lets the one at work go on", async () => {
    const studio = await openStudio();
    await stock(studio);
    studio.engine.stepMs = 10;
    const first = await startRun(studio);
    expect(await studio.client.runs.queue()).toEqual({ held: false, holds: [] });
    expect(await studio.client.runs.hold({ held: true })).toEqual({ held: true, holds: [] });
    const second = await startRun(studio);
    await runUntil(studio, first.id, ({ state }) => state === "done");
    const again = await studio.reopen();
    expect(await again.client.runs.queue()).toEqual({ held: true, holds: [] });
    expect(await again.client.runs.get({ id: second.id })).toMatchObject({ state: "queued" });
    await again.client.runs.hold({ held: false });
    await runUntil(again, second.id, ({ state }) => state === "done");
    expect(again.news.map(({ path }) => path)).toContain("runs.queueChanged");
  });

  it("trains in the order that the person makes", async () => {
    const studio = await openStudio();
    await stock(studio);
    await studio.client.runs.hold({ held: true });
    const [a, b, c] = [await startRun(studio), await startRun(studio), await startRun(studio)];
    const waiting = async () =>
      (await studio.client.runs.list())
        .filter(({ state }) => state === "queued")
        .sort((left, right) => left.position - right.position)
        .map(({ id }) => id);
    expect(await waiting()).toEqual([a.id, b.id, c.id]);
    await studio.client.runs.move({ id: c.id, place: 0 });
    expect(await waiting()).toEqual([c.id, a.id, b.id]);
    await studio.client.runs.move({ id: c.id, place: 99 });
    expect(await waiting()).toEqual([a.id, b.id, c.id]);
    const { modelId, datasetId, goal, recipe } = a;
    const d = await studio.client.runs.start({ modelId, datasetId, goal, recipe, after: a.id });
    expect(await waiting()).toEqual([a.id, d.id, b.id, c.id]);
    await studio.client.runs.pause({ id: b.id });
    await expect(studio.client.runs.move({ id: b.id, place: 0 })).rejects.toMatchObject({ code: "run.state" });
    await studio.client.runs.hold({ held: false });
    await runUntil(studio, c.id, ({ state }) => state === "done");
    expect(studio.engine.trained.map(({ runId }) => runId)).toEqual([a.id, d.id, c.id]);
  });

  it("repeats a run with one change, and refuses a change that cannot work", async () => {
    const studio = await openStudio();
    await stock(studio);
    const first = await startRun(studio);
    await runUntil(studio, first.id, ({ state }) => state === "done");
    const second = await studio.client.runs.repeat({ id: first.id, change: { learningRate: 5e-4 } });
    expect(second).toMatchObject({ name: first.name, recipe: { ...first.recipe, learningRate: 5e-4 } });
    await runUntil(studio, second.id, ({ state }) => state === "done");
    await expect(studio.client.runs.repeat({ id: first.id, change: { contextLength: 100_000 } })).rejects.toMatchObject(
      { code: "recipe.context" },
    );
    expect(await studio.client.runs.list()).toHaveLength(2);
  });

  it("goes on after the app was closed in the middle of a run", async () => {
    const studio = await openStudio();
    await stock(studio);
    studio.engine.stepMs = 20;
    const { id } = await startRun(studio);
    const waiting = await startRun(studio);
    await runUntil(studio, id, ({ progress }) => (progress?.step ?? 0) >= 4);
    studio.engine.stepMs = 1;
    const again = await studio.reopen();
    await runUntil(again, waiting.id, ({ state }) => state === "done");
    const done = await again.client.runs.get({ id });
    expect(done.state).toBe("done");
    expect(studio.engine.trained.map(({ runId, resume }) => [runId, resume])).toEqual([
      [id, false],
      [id, true],
      [waiting.id, false],
    ]);
    const { log } = await again.client.runs.history({ id });
    expect(log.map(({ text }) => text)).toContain("Hone was closed; the run goes on when it is opened again.");
  });

  it("forgets the files of a cancelled run and refuses to continue it", async () => {
    const studio = await openStudio();
    await stock(studio);
    studio.engine.stepMs = 20;
    const { id } = await startRun(studio);
    await runUntil(studio, id, ({ progress }) => (progress?.step ?? 0) >= 6);
    expect(await studio.client.runs.cancel({ id })).toMatchObject({ state: "cancelled", resumable: false });
    expect(existsSync(join(studio.folder, "data", "runs", id))).toBe(false);
    await expect(studio.client.runs.continue({ id })).rejects.toMatchObject({ code: "run.state" });
    await studio.client.runs.remove({ id });
    expect(await studio.client.runs.list()).toEqual([]);
  });

  it("refuses to go on when the model file has changed", async () => {
    const studio = await openStudio();
    await stock(studio);
    studio.engine.stepMs = 20;
    const { id } = await startRun(studio);
    await runUntil(studio, id, ({ progress }) => (progress?.step ?? 0) >= 6);
    await studio.client.runs.pause({ id });
    writeFakeModel(join(studio.folder, "tiny.gguf"), "Another");
    await studio.client.runs.continue({ id });
    const failed = await runUntil(studio, id, ({ state }) => state === "failed");
    expect(failed.error).toMatchObject({ code: "run.model-changed" });
  });

  it("tells changes of a run at most about five times a second", async () => {
    const studio = await openStudio();
    await stock(studio);
    studio.engine.stepMs = 5;
    const { id } = await startRun(studio, { maxSteps: null, epochs: 8 });
    const began = Date.now();
    await runUntil(studio, id, ({ state }) => state === "done");
    const seconds = (Date.now() - began) / 1000;
    const grew = studio.news.filter(({ path }) => path === "runs.grew");
    expect(grew.length).toBeLessThanOrEqual(seconds * 5 + 3);
    const steps = grew.flatMap(({ payload }) =>
      (payload as { metrics: { step: number }[] }).metrics.map(({ step }) => step),
    );
    expect(steps).toEqual(Array.from({ length: 144 }, (_, index) => index + 1));
  });
});
