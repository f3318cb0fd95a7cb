import { Database } from "@main/storage/database";
import { type Migration, migrate, migrations } from "@main/storage/migrations/migrate";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const names = z.object({ name: z.string() });
const version = (database: Database) =>
  database.get(z.object({ user_version: z.int() }), "PRAGMA user_version")?.user_version;

describe("migrations", () => {
  it("are numbered one after the other from 1", () => {
    expect(migrations.map((step) => step.version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it("bring a database of each earlier version to the newest, whatever it holds", () => {
    const fresh = Database.open(":memory:");
    migrate(fresh);
    const layout = "SELECT name || ': ' || sql AS name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name";
    for (let from = 1; from <= migrations.length; from++) {
      const old = Database.open(":memory:");
      migrate(old, migrations.slice(0, from));
      old.run("INSERT INTO settings (key, value) VALUES ('theme', '\"dark\"')");
      migrate(old);
      expect(version(old)).toBe(migrations.length);
      expect(old.all(names, layout)).toEqual(fresh.all(names, layout));
      expect(old.all(names, "SELECT value AS name FROM settings")).toEqual([{ name: '"dark"' }]);
    }
  });

  it("leave the database as it was when a step fails", () => {
    const database = Database.open(":memory:");
    const broken: Migration[] = [
      { version: 1, sql: "CREATE TABLE good (a INTEGER)" },
      { version: 2, sql: "CREATE TABLE half (a INTEGER); INSERT INTO nowhere VALUES (1)" },
    ];
    expect(() => migrate(database, broken)).toThrow(expect.objectContaining({ code: "storage.failed" }));
    expect(version(database)).toBe(1);
    expect(database.all(names, "SELECT name FROM sqlite_master")).toEqual([{ name: "good" }]);
  });

  it("refuse a database of a newer Hone untouched", () => {
    const database = Database.open(":memory:");
    database.execute("PRAGMA user_version = 99");
    expect(() => migrate(database)).toThrow(expect.objectContaining({ code: "storage.newer" }));
  });
});
