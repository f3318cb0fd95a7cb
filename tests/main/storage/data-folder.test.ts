import { fork } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDataFolder } from "@main/storage/data-folder";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../support/temp-folder";

describe("the data folder", () => {
  it("is one Hone's at a time, and free again once that one has closed", async () => {
    const folder = join(await tempFolder(), "data");
    const first = await openDataFolder(folder);
    await expect(openDataFolder(folder)).rejects.toMatchObject({
      code: "app.second-instance",
      message: expect.stringContaining(folder),
    });
    first.database.close();
    first.lock.release();
    const second = await openDataFolder(folder);
    second.database.close();
    second.lock.release();
  });

  it("is free again after its Hone was killed", async () => {
    const folder = await tempFolder();
    const lockPath = join(folder, "data", "hone.lock");
    mkdirSync(join(folder, "data"));
    const program = join(folder, "holder.mjs");
    const libsql = import.meta.resolve("libsql");
    writeFileSync(
      program,
      `import Libsql from ${JSON.stringify(libsql)};
       const held = new Libsql(${JSON.stringify(lockPath)});
       held.exec("BEGIN EXCLUSIVE");
       process.send("held");
       setInterval(() => held, 1000);`,
    );
    const holder = fork(program, { execArgv: [] });
    await new Promise((resolve) => holder.once("message", resolve));
    await expect(openDataFolder(join(folder, "data"))).rejects.toMatchObject({ code: "app.second-instance" });
    const gone = new Promise((resolve) => holder.once("exit", resolve));
    holder.kill("SIGKILL");
    await gone;
    const opened = await openDataFolder(join(folder, "data"));
    opened.database.close();
    opened.lock.release();
  });

  it("loses the leftovers of writes that never ended", async () => {
    const folder = join(await tempFolder(), "data");
    mkdirSync(join(folder, "adapters"), { recursive: true });
    const leftover = join(folder, "adapters", "x.gguf.0123abcd.partial");
    writeFileSync(leftover, "half");
    writeFileSync(join(folder, "adapters", "y.gguf"), "whole");
    const { database, lock } = await openDataFolder(folder);
    database.close();
    lock.release();
    expect(existsSync(leftover)).toBe(false);
    expect(existsSync(join(folder, "adapters", "y.gguf"))).toBe(true);
  });

  it("cannot lie below a file", async () => {
    const file = join(await tempFolder(), "file");
    writeFileSync(file, "");
    await expect(openDataFolder(join(file, "data"))).rejects.toMatchObject({ code: "file.missing" });
  });
});
