import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDataFolder } from "@main/storage/data-folder";
import { Database } from "@main/storage/database";
import { copyOf } from "@main/storage/migrations/keep-copy";
import { migrate, migrations } from "@main/storage/migrations/migrate";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openStudio } from "../../support/studio";
import { tempFolder } from "../../support/temp-folder";

// version-1.db was written by the Hone that had the first layout of tables: one model, one dataset, a finished run with its
// adapter and score, a paused one and a waiting one, in a queue that is held.

const fixture = new URL("../../fixtures/storage/version-1.db", import.meta.url);
const count = z.object({ count: z.int() });

async function firstDatabase(): Promise<string> {
  const folder = await tempFolder();
  mkdirSync(join(folder, "data"));
  copyFileSync(fixture, join(folder, "data", "hone.db"));
  return folder;
}

const setVersion = (path: string, version: number) => {
  const database = Database.open(path);
  database.execute(`PRAGMA user_version = ${version}`);
  database.close();
};

describe("the database of the first version", () => {
  it("opens with everything still there", async () => {
    const { client } = await openStudio({}, await firstDatabase());
    const runs = await client.runs.list();
    expect(runs.map(({ name, state }) => `${name}: ${state}`).sort()).toEqual([
      "First ever: done",
      "Too hot: paused",
      "Waiting: queued",
    ]);
    const first = runs.find(({ state }) => state === "done");
    expect(first).toMatchObject({
      note: "Kept from the first version.",
      recipe: { rank: 4, learningRate: 2e-3, patience: 2, projections: ["q", "v", "up"] },
      progress: { step: 18, totalSteps: 18 },
      adapterId: "d4a962017584d106",
    });
    const { metrics, samples, log } = await client.runs.history({ id: first?.id ?? "" });
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
    expect(metrics[0]).toMatchObject({ trainLoss: 9.304775257905325, validationLoss: null, tokens: 60 });
    expect(metrics.filter(({ validationLoss }) => validationLoss !== null).map(({ step }) => step)).toEqual([
      4, 8, 12, 16, 18,
    ]);
    expect(samples.map(({ step, prompt }) => `${step} ${prompt}`)).toHaveLength(6);
    expect(log[0]).toMatchObject({ level: "info", text: "Training begins." });
    expect(await client.adapters.list()).toEqual([
      expect.objectContaining({
        name: "First ever",
        digest: "f05b0359fe53d8afc23b7ee8d9a3ca30e36f2d69bc2110603b485a6c15fd3211",
        finalValidationLoss: 1.5788164290521916,
        scoreBefore: expect.objectContaining({ rows: 4, exactMatch: 0 }),
        missing: true,
      }),
    ]);
    expect(await client.models.list()).toEqual([
      expect.objectContaining({ origin: "file", info: expect.objectContaining({ name: "hone fixture bitnet-tq2_0" }) }),
    ]);
    expect(await client.settings.get()).toMatchObject({ theme: "dark" });
    expect(await client.runs.queue()).toMatchObject({ held: true });
  });

  it("comes to the layout of a new one", async () => {
    const layout = "SELECT name || ': ' || sql AS text FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name";
    const text = z.object({ text: z.string() });
    const fresh = Database.open(":memory:");
    migrate(fresh);
    const old = await openDataFolder(join(await firstDatabase(), "data"));
    expect(old.database.all(text, layout)).toEqual(fresh.all(text, layout));
    old.database.close();
    old.lock.release();
  });

  it("is kept as it was beside the one that a later version makes of it", async () => {
    const path = join(await firstDatabase(), "data", "hone.db");
    const database = Database.open(path);
    database.run("UPDATE runs SET note = 'only in the journal so far'");
    migrate(database, [...migrations, { version: migrations.length + 1, sql: "DROP TABLE metrics" }]);
    database.close();
    const copy = Database.open(copyOf(path, 1));
    expect(copy.get(count, "SELECT count(*) AS count FROM metrics")).toEqual({ count: 58 });
    expect(copy.get(count, "SELECT count(*) AS count FROM runs WHERE note LIKE 'only%'")).toEqual({ count: 3 });
    expect(copy.get(z.object({ user_version: z.int() }), "PRAGMA user_version")).toEqual({ user_version: 1 });
    copy.close();
    expect(existsSync(`${copyOf(path, 1)}.partial`)).toBe(false);
  });

  it("is not touched where no copy of it can be kept", async () => {
    const path = join(await firstDatabase(), "data", "hone.db");
    mkdirSync(copyOf(path, 1));
    writeFileSync(join(copyOf(path, 1), "in the way"), "");
    const database = Database.open(path);
    const later = [...migrations, { version: migrations.length + 1, sql: "DROP TABLE metrics" }];
    expect(() => migrate(database, later)).toThrow(
      expect.objectContaining({ message: expect.stringContaining("keep a copy of the database") }),
    );
    expect(database.get(count, "SELECT count(*) AS count FROM metrics")).toEqual({ count: 58 });
    expect(database.get(z.object({ user_version: z.int() }), "PRAGMA user_version")).toEqual({ user_version: 1 });
    database.close();
  });
});

describe("the database of a later version", () => {
  it("is refused by name, and not a byte of it changes", async () => {
    const folder = join(await firstDatabase(), "data");
    const path = join(folder, "hone.db");
    setVersion(path, migrations.length + 7);
    const before = readFileSync(path);
    await expect(openDataFolder(folder)).rejects.toMatchObject({
      code: "storage.newer",
      message: expect.stringContaining(`has version ${migrations.length + 7}`),
      hint: expect.stringContaining("newer Hone"),
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    // And the folder is free for the Hone that may open it.
    setVersion(path, 1);
    const opened = await openDataFolder(folder);
    opened.database.close();
    opened.lock.release();
  });
});
