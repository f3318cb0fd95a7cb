import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recipeWith } from "../../support/recipe";
import { openStudio, runUntil, startRun, stock } from "../../support/studio";

describe("an examined run", () => {
  it("is told that rows are cut, and that training and validation share rows", async () => {
    const studio = await openStudio();
    const { model } = await stock(studio);
    const path = join(studio.folder, "repeated.jsonl");
    const row = (text: string) => `${JSON.stringify({ prompt: text, completion: "one two three four" })}\n`;
    writeFileSync(path, row("the same question").repeat(20) + row("word ".repeat(30)).repeat(2));
    const dataset = await studio.client.datasets.import({ path });
    const { id } = await studio.client.runs.start({
      modelId: model.id,
      datasetId: dataset.id,
      goal: "format",
      recipe: recipeWith({ maxSteps: 1, contextLength: 16, validationShare: 0.2 }),
    });
    await runUntil(studio, id, ({ state }) => state === "done");
    const verdicts = await studio.client.runs.diagnose({ id });
    expect(verdicts.map(({ kind }) => kind)).toEqual(["rows-shared", "rows-cut"]);
    expect(verdicts[1]?.next?.change).toEqual({ contextLength: 64 });

    // The offered change is one that can be pressed.
    const next = await studio.client.runs.repeat({ id, change: verdicts[1]?.next?.change ?? {} });
    await runUntil(studio, next.id, ({ state }) => state === "done");
    expect((await studio.client.runs.diagnose({ id: next.id })).map(({ kind }) => kind)).toEqual(["rows-shared"]);
  });

  it("is judged by its curve alone once its dataset is gone", async () => {
    const studio = await openStudio();
    await stock(studio);
    const { id, datasetId } = await startRun(studio);
    await runUntil(studio, id, ({ state }) => state === "done");
    await studio.client.datasets.remove({ id: datasetId });
    expect((await studio.client.runs.diagnose({ id })).map(({ kind }) => kind)).toEqual(["healthy"]);
    await expect(studio.client.runs.diagnose({ id: "nobody" })).rejects.toMatchObject({ code: "run.unknown" });
  });
});
