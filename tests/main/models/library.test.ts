import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeFakeModel } from "../../support/fake-engine";
import { recipeWith } from "../../support/recipe";
import { eventually, openStudio, runUntil, startRun, stock, writeQuestions } from "../../support/studio";

const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

describe("models", () => {
  it("are added by path, once, and get their digest in the background", async () => {
    const { client, folder, news } = await openStudio();
    const path = writeFakeModel(join(folder, "tiny.gguf"));
    const added = await client.models.add({ path });
    expect(added).toMatchObject({ origin: "file", missing: false, info: { path, name: "Tiny" } });
    expect((await client.models.add({ path })).id).toBe(added.id);
    const [listed] = await eventually(
      () => client.models.list(),
      ([model]) => model?.digest !== null,
    );
    expect(listed?.digest).toBe(sha256(path));
    expect(news.filter((item) => item.path === "models.changed").length).toBeGreaterThanOrEqual(2);
  });

  it("are read anew when their file has changed", async () => {
    const { client, folder } = await openStudio();
    const path = writeFakeModel(join(folder, "tiny.gguf"));
    const { id } = await client.models.add({ path });
    await eventually(
      () => client.models.list(),
      ([model]) => model?.digest !== null,
    );
    writeFakeModel(path, "Tiny, second edition");
    expect(await client.models.add({ path })).toMatchObject({ id, info: { name: "Tiny, second edition" } });
    const [listed] = await eventually(
      () => client.models.list(),
      ([model]) => model?.digest !== null,
    );
    expect(listed?.digest).toBe(sha256(path));
  });

  it("of the BitNet kind take another activation by hand, in every use, until it is taken back", async () => {
    const studio = await openStudio();
    const { client, folder, engine } = studio;
    const path = writeFakeModel(join(folder, "bit.gguf"), "Bit", "bitnet");
    const { id } = await client.models.add({ path });
    const chosen = await client.models.chooseActivation({ id, activation: "relu2" });
    expect(chosen.info.activation).toMatchObject({ kind: "relu2", source: "chosen" });
    // Adding it again, also with another content, keeps the choice.
    writeFakeModel(path, "Bit, second edition", "bitnet");
    expect((await client.models.add({ path })).info).toMatchObject({
      name: "Bit, second edition",
      activation: { kind: "relu2", source: "chosen" },
    });
    await client.datasets.import({ path: writeQuestions(join(folder, "q.jsonl"), 40) });
    engine.stepMs = 20;
    const run = await startRun(studio);
    await eventually(
      () => engine.trained.length,
      (count) => count === 1,
    );
    expect(engine.trained[0]?.model).toMatchObject({ path, activation: "relu2" });
    expect(engine.trained[0]?.metadata["hone.base.hidden_activation"]).toBe("relu2");
    await expect(client.models.chooseActivation({ id, activation: null })).rejects.toMatchObject({
      code: "model.in-use",
    });
    await client.runs.cancel({ id: run.id });
    await runUntil(studio, run.id, ({ state }) => state === "cancelled");
    expect((await client.models.chooseActivation({ id, activation: null })).info.activation.source).toBe(
      "architecture",
    );
  });

  it("of other kinds leave no choice", async () => {
    const { client, folder } = await openStudio();
    const { id } = await client.models.add({ path: writeFakeModel(join(folder, "tiny.gguf")) });
    await expect(client.models.chooseActivation({ id, activation: "relu2" })).rejects.toMatchObject({
      code: "model.activation",
    });
  });

  it("show that their file is gone, and that it is back", async () => {
    const { client, folder } = await openStudio();
    const path = writeFakeModel(join(folder, "tiny.gguf"));
    await client.models.add({ path });
    renameSync(path, `${path}.away`);
    expect(await client.models.list()).toMatchObject([{ missing: true }]);
    renameSync(`${path}.away`, path);
    expect(await client.models.list()).toMatchObject([{ missing: false }]);
  });

  it("leave the shelf but never the disk", async () => {
    const { client, folder } = await openStudio();
    const path = writeFakeModel(join(folder, "tiny.gguf"));
    const { id } = await client.models.add({ path });
    await client.models.remove({ id });
    expect(await client.models.list()).toEqual([]);
    expect(existsSync(path)).toBe(true);
    await expect(client.models.remove({ id })).rejects.toMatchObject({ code: "model.unknown" });
  });

  it("stay while a run needs them", async () => {
    const studio = await openStudio();
    const { model } = await stock(studio);
    studio.engine.stepMs = 50;
    await startRun(studio);
    await expect(studio.client.models.remove({ id: model.id })).rejects.toMatchObject({ code: "model.in-use" });
  });

  it("that are none are refused in the engine's words", async () => {
    const { client, folder } = await openStudio();
    const path = join(folder, "words.gguf");
    writeFileSync(path, "just words");
    await expect(client.models.add({ path })).rejects.toMatchObject({ code: "gguf.magic" });
    await expect(client.models.add({ path: join(folder, "none.gguf") })).rejects.toMatchObject({
      code: "file.missing",
    });
    await expect(client.models.add({ path: folder })).rejects.toMatchObject({ code: "file.kind" });
    expect(await client.models.list()).toEqual([]);
  });
});

describe("the starter", () => {
  function starterIn(folder: string) {
    const box = join(folder, "box");
    mkdirSync(box, { recursive: true });
    return {
      modelPath: writeFakeModel(join(box, "model.gguf")),
      datasetName: "Requests",
      goal: "format" as const,
      recipe: recipeWith(),
      trainPath: writeQuestions(join(box, "train.jsonl"), 30),
      testPath: writeQuestions(join(box, "test.jsonl"), 7),
    };
  }

  it("is on the shelf at the first start, and only once", async () => {
    const studio = await openStudio();
    await studio.close();
    const starter = starterIn(studio.folder);
    const first = await openStudio({ starter }, studio.folder, studio.engine);
    expect(await first.client.models.list()).toMatchObject([{ origin: "starter" }]);
    expect(await first.client.datasets.list()).toMatchObject([
      { origin: "starter", name: "Requests", rows: 30, testRows: 7 },
    ]);
    const second = await first.reopen();
    expect(await second.client.models.list()).toHaveLength(1);
    expect(await second.client.datasets.list()).toHaveLength(1);
  });

  it("has a recipe of its own for its goal", async () => {
    const studio = await openStudio();
    await studio.close();
    const starter = starterIn(studio.folder);
    const { client } = await openStudio({ starter }, studio.folder, studio.engine);
    const [model] = await client.models.list();
    const [dataset] = await client.datasets.list();
    const wish = { modelId: model?.id ?? "", datasetId: dataset?.id ?? "" };
    expect(await client.runs.suggest({ ...wish, goal: "format" })).toEqual(starter.recipe);
    expect(await client.runs.suggest({ ...wish, goal: "style" })).not.toEqual(starter.recipe);
  });

  it("does not come back when it was removed", async () => {
    const studio = await openStudio();
    await studio.close();
    const first = await openStudio({ starter: starterIn(studio.folder) }, studio.folder, studio.engine);
    for (const { id } of await first.client.models.list()) await first.client.models.remove({ id });
    for (const { id } of await first.client.datasets.list()) await first.client.datasets.remove({ id });
    const second = await first.reopen();
    expect(await second.client.models.list()).toEqual([]);
    expect(await second.client.datasets.list()).toEqual([]);
  });

  it("is found again when the app has moved", async () => {
    const studio = await openStudio();
    await studio.close();
    const first = await openStudio({ starter: starterIn(studio.folder) }, studio.folder, studio.engine);
    const [before] = await first.client.models.list();
    await first.close();
    const moved = starterIn(join(studio.folder, "elsewhere"));
    rmSync(join(studio.folder, "box"), { recursive: true });
    const second = await openStudio({ starter: moved }, studio.folder, studio.engine);
    expect(await second.client.models.list()).toMatchObject([
      { id: before?.id, missing: false, info: { path: moved.modelPath } },
    ]);
    expect(await second.client.datasets.list()).toHaveLength(1);
  });
});
