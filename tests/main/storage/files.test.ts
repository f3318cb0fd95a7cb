import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { fileError } from "@main/storage/file-error";
import { copyAtomic, sha256OfFile, writeAtomic, writeTextAtomic } from "@main/storage/files";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../support/temp-folder";

describe("an atomic file", () => {
  it("appears whole under its name and replaces what was there", async () => {
    const path = join(await tempFolder(), "a.txt");
    writeFileSync(path, "old");
    await writeTextAtomic(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
  });

  it("keeps the order of many writes", async () => {
    const path = join(await tempFolder(), "many.txt");
    await writeAtomic(path, async (file) => {
      for (let line = 0; line < 100_000; line++) await file.write(`${line}\n`);
    });
    expect(readFileSync(path, "utf8").trim().split("\n").map(Number)).toEqual(
      Array.from({ length: 100_000 }, (_, index) => index),
    );
  });

  it("leaves nothing behind when the writing fails", async () => {
    const folder = await tempFolder();
    const path = join(folder, "a.txt");
    writeFileSync(path, "old");
    const failing = writeAtomic(path, async (file) => {
      await file.write("half");
      throw new Error("no more");
    });
    await expect(failing).rejects.toThrow("no more");
    expect(readdirSync(folder)).toEqual(["a.txt"]);
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  it("says which folder is missing", async () => {
    const path = join(await tempFolder(), "nowhere", "a.txt");
    await expect(writeTextAtomic(path, "x")).rejects.toMatchObject({
      code: "file.missing",
      message: expect.stringContaining("nowhere"),
    });
    expect(existsSync(path)).toBe(false);
  });

  it("is copied whole, with the digest of its source", async () => {
    const folder = await tempFolder();
    writeFileSync(join(folder, "a"), Buffer.alloc(3_000_000, "abc"));
    await copyAtomic(join(folder, "a"), join(folder, "b"));
    expect(await sha256OfFile(join(folder, "b"))).toBe(await sha256OfFile(join(folder, "a")));
    await expect(copyAtomic(join(folder, "none"), join(folder, "c"))).rejects.toMatchObject({ code: "file.missing" });
    expect(readdirSync(folder).sort()).toEqual(["a", "b"]);
  });
});

describe("an error of the file system", () => {
  it.runIf(process.platform === "linux")("says that the disk is full", async () => {
    const full = await open("/dev/full", "w");
    const failure = await full.writeFile("x").catch((error: unknown) => error);
    await full.close();
    expect(fileError(failure, "write", "/dev/full")).toMatchObject({
      code: "disk.full",
      message: expect.stringContaining("/dev/full"),
      hint: expect.stringContaining("space"),
    });
  });

  it("says that access is not allowed", () => {
    const denied = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
    expect(fileError(denied, "write", "/x/y")).toMatchObject({
      code: "file.permission",
      message: 'Cannot write "/x/y": access is not allowed.',
    });
  });
});
