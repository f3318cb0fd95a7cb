import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStudio, startRun, stock, writeQuestions } from "../../support/studio";

describe("datasets", () => {
  it("are guessed with a reason, a sample and every problem's line", async () => {
    const { client, folder } = await openStudio();
    const path = join(folder, "mixed.jsonl");
    writeFileSync(
      path,
      '{"instruction":"a","output":"b"}\nnot json\n{"instruction":"","output":"b"}\n{"instruction":"c","output":"d","extra":1}\n',
    );
    const guess = await client.datasets.guess({ path });
    expect(guess).toMatchObject({
      container: "jsonl",
      format: "alpaca",
      because: '3 of the first 4 rows have "instruction" and "output".',
      fields: ["instruction", "output", "extra"],
      rows: 2,
      problemCount: 2,
    });
    expect(guess.problems.map(({ line, code }) => [line, code])).toEqual([
      [2, "dataset.json"],
      [3, "dataset.row-shape"],
    ]);
    expect(guess.sample[0]).toEqual({
      line: 1,
      messages: [
        { role: "user", content: "a" },
        { role: "assistant", content: "b" },
      ],
    });
    expect((await client.datasets.guess({ path, format: "text" })).rows).toBe(0);
  });

  it("say which fields they have when no format fits", async () => {
    const { client, folder } = await openStudio();
    const path = join(folder, "odd.jsonl");
    writeFileSync(path, '{"left":"a","right":"b"}\n');
    await expect(client.datasets.guess({ path })).rejects.toMatchObject({
      code: "dataset.format",
      message: expect.stringContaining('"left", "right"'),
    });
  });

  it("are imported with what is usable, and the same rows have the same digest", async () => {
    const { client, folder, news } = await openStudio();
    const path = join(folder, "q.csv");
    writeFileSync(path, "question,answer\na,b\nc,\ne,f\n");
    const first = await client.datasets.import({ path, name: "Mine" });
    expect(first).toMatchObject({
      name: "Mine",
      format: "prompt-completion",
      rows: 2,
      skippedRows: 1,
      testRows: 0,
      origin: "file",
    });
    writeFileSync(path, 'question;answer\na;b\n\ne;"f"\n');
    const second = await client.datasets.import({ path });
    expect(second.digest).toBe(first.digest);
    expect(await client.datasets.list()).toEqual([first, second]);
    expect(news.filter((item) => item.path === "datasets.changed")).toHaveLength(2);
    const kept = readFileSync(join(folder, "data", "datasets", first.id, "conversations.jsonl"), "utf8");
    expect(kept.split("\n")[1]).toBe(
      '{"line":4,"messages":[{"role":"user","content":"e"},{"role":"assistant","content":"f"}]}',
    );
  });

  it("leave nothing behind when nothing of them is usable", async () => {
    const { client, folder } = await openStudio();
    const path = join(folder, "bad.jsonl");
    writeFileSync(path, '{"messages":[]}\n{"messages":5}\n');
    await expect(client.datasets.import({ path, format: "messages" })).rejects.toMatchObject({
      code: "dataset.all-bad",
      message: expect.stringMatching(/None of the 2 rows .* line 1: .*empty/),
    });
    await expect(client.datasets.import({ path: join(folder, "none.jsonl") })).rejects.toMatchObject({
      code: "file.missing",
    });
    writeFileSync(path, "\n\n  \n");
    await expect(client.datasets.import({ path })).rejects.toMatchObject({ code: "dataset.empty" });
    expect(readdirSync(join(folder, "data", "datasets"))).toEqual([]);
    expect(await client.datasets.list()).toEqual([]);
  });

  it("are shown and counted as the model sees them", async () => {
    const studio = await openStudio();
    const { client } = studio;
    const { model, dataset } = await stock(studio, 10);
    const ids = { datasetId: dataset.id, modelId: model.id, contextLength: 64 };
    const { rows, total } = await client.datasets.preview({ ...ids, offset: 8, limit: 5 });
    expect(total).toBe(10);
    expect(rows.map(({ line }) => line)).toEqual([9, 10]);
    expect(rows[0]?.segments.map(({ kind }) => kind)).toEqual(["masked", "learned"]);
    expect(await client.datasets.measure(ids)).toMatchObject({
      rows: 10,
      tokens: 60,
      learnedTokens: 30,
      longestRow: 6,
      rowsCut: 0,
      rowsWithoutTarget: 0,
    });
    expect(await client.datasets.measure({ ...ids, contextLength: 8 })).toMatchObject({ rowsCut: 0 });
  });

  it("are renamed and removed, but not from under a run that waits for them", async () => {
    const studio = await openStudio();
    const { client, folder } = studio;
    const { dataset } = await stock(studio);
    expect(await client.datasets.rename({ id: dataset.id, name: "Better" })).toMatchObject({ name: "Better" });
    studio.engine.stepMs = 50;
    const first = await startRun(studio);
    const waiting = await startRun(studio);
    await expect(client.datasets.remove({ id: dataset.id })).rejects.toMatchObject({ code: "dataset.in-use" });
    await client.runs.cancel({ id: waiting.id });
    await client.runs.cancel({ id: first.id });
    await client.datasets.remove({ id: dataset.id });
    expect(readdirSync(join(folder, "data", "datasets"))).toEqual([]);
    await expect(client.datasets.rename({ id: dataset.id, name: "x" })).rejects.toMatchObject({
      code: "dataset.unknown",
    });
  });

  it("of many thousand rows are imported row by row", async () => {
    const { client, folder } = await openStudio();
    const record = await client.datasets.import({ path: writeQuestions(join(folder, "large.jsonl"), 20_000) });
    expect(record.rows).toBe(20_000);
  });
});
