import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Database, jsonColumn } from "@main/storage/database";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { tempFolder } from "../../support/temp-folder";

const pair = z.object({ a: z.int(), b: z.string() });

describe("the database", () => {
  it("gives back what was stored, as the types that were asked for", async () => {
    const database = Database.open(join(await tempFolder(), "x.db"));
    database.execute("CREATE TABLE t (a INTEGER, b TEXT)");
    database.run("INSERT INTO t VALUES (@a, @b)", { a: 1, b: "one" });
    expect(database.get(pair, "SELECT * FROM t WHERE a = @a", { a: 1 })).toEqual({ a: 1, b: "one" });
    expect(database.get(pair, "SELECT * FROM t WHERE a = @a", { a: 2 })).toBeUndefined();
    expect(database.all(pair, "SELECT * FROM t")).toEqual([{ a: 1, b: "one" }]);
    database.close();
  });

  it("refuses a row that does not fit instead of passing it on", () => {
    const database = Database.open(":memory:");
    database.execute("CREATE TABLE t (a TEXT, b TEXT)");
    database.run("INSERT INTO t VALUES ('no number', 'x')");
    expect(() => database.all(pair, "SELECT * FROM t")).toThrow(
      expect.objectContaining({ code: "storage.row", message: expect.stringContaining('"a"') }),
    );
    database.run("UPDATE t SET a = '{broken'");
    expect(() => database.all(z.object({ a: jsonColumn(pair) }), "SELECT a FROM t")).toThrow(
      expect.objectContaining({ code: "storage.row" }),
    );
  });

  it("takes back all of a transaction that fails", () => {
    const database = Database.open(":memory:");
    database.execute("CREATE TABLE t (a INTEGER)");
    expect(() =>
      database.transaction(() => {
        database.run("INSERT INTO t VALUES (1)");
        database.transaction(() => database.run("INSERT INTO t VALUES (2)"));
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(database.all(z.object({ a: z.int() }), "SELECT a FROM t")).toEqual([]);
  });

  it("says that a file is damaged or cannot be opened", async () => {
    const folder = await tempFolder();
    const path = join(folder, "bad.db");
    writeFileSync(path, "this is not a database at all, however long it may be ".repeat(20));
    expect(() => Database.open(path)).toThrow(expect.objectContaining({ code: "storage.damaged" }));
    expect(() => Database.open(join(folder, "nowhere", "x.db"))).toThrow(
      expect.objectContaining({ code: "file.permission" }),
    );
  });
});
