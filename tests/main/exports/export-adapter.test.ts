import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderName } from "@main/exports/folder-name";
import { sha256OfFile } from "@main/storage/files";
import { manifestSchema } from "@shared/models/export";
import { describe, expect, it } from "vitest";
import { writeFakeModel } from "../../support/fake-engine";
import { openStudio, runUntil, startRun, stock } from "../../support/studio";

async function trained() {
  const studio = await openStudio();
  await stock(studio);
  const started = await startRun(studio);
  const run = await runUntil(studio, started.id, ({ state }) => state === "done");
  const target = join(studio.folder, "target");
  mkdirSync(target);
  return { studio, target, adapterId: run.adapterId ?? "" };
}

describe("an export", () => {
  it("is a folder with adapter, manifest, instructions and checksums that hold", async () => {
    const { studio, target, adapterId } = await trained();
    await studio.client.adapters.score({ id: adapterId });
    const { folder, manifest } = await studio.client.exports.adapter({ adapterId, folder: target, type: "f32" });
    expect(readdirSync(folder).sort()).toEqual(["Modelfile", "README.md", "SHA256SUMS", "adapter.gguf", "hone.json"]);
    expect(manifestSchema.parse(JSON.parse(readFileSync(join(folder, "hone.json"), "utf8")))).toEqual(manifest);
    expect(manifest).toMatchObject({
      adapter: { rank: 4, type: "f32" },
      scores: { before: 0, after: 1, rows: 4 },
      base: { name: "Tiny" },
    });
    const sums = readFileSync(join(folder, "SHA256SUMS"), "utf8").trim().split("\n");
    expect(sums).toHaveLength(4);
    for (const line of sums) {
      const [digest, name = ""] = line.split("  ");
      expect(digest, name).toBe(await sha256OfFile(join(folder, name)));
    }
    for (const name of readdirSync(folder))
      expect(readFileSync(join(folder, name), "utf8"), name).not.toContain(studio.folder);
    expect(
      studio.news
        .filter(({ path }) => path === "exports.progress")
        .map(({ payload }) => (payload as { stage: string }).stage),
    ).toEqual(["writing", "checking", "finishing"]);
  });

  it("never replaces an earlier one", async () => {
    const { studio, target, adapterId } = await trained();
    const request = { adapterId, folder: target, type: "f16" } as const;
    const first = await studio.client.exports.adapter(request);
    const second = await studio.client.exports.adapter(request);
    expect(second.folder).toBe(`${first.folder}-2`);
  });

  it("that does not behave like the adapter is not kept", async () => {
    const { studio, target, adapterId } = await trained();
    studio.engine.difference = 0.5;
    await expect(studio.client.exports.adapter({ adapterId, folder: target, type: "f16" })).rejects.toMatchObject({
      code: "export.check",
    });
    studio.engine.difference = Number.NaN;
    await expect(studio.client.exports.adapter({ adapterId, folder: target, type: "f32" })).rejects.toMatchObject({
      code: "export.check",
    });
    expect(readdirSync(target)).toEqual([]);
  });

  it("needs a folder that is there and the base that the adapter was made for", async () => {
    const { studio, target, adapterId } = await trained();
    await expect(
      studio.client.exports.adapter({ adapterId, folder: join(target, "none"), type: "f32" }),
    ).rejects.toMatchObject({ code: "file.missing" });
    writeFileSync(join(target, "file"), "");
    await expect(
      studio.client.exports.adapter({ adapterId, folder: join(target, "file"), type: "f32" }),
    ).rejects.toMatchObject({ code: "file.kind" });
    writeFakeModel(join(studio.folder, "tiny.gguf"), "Another");
    await expect(studio.client.exports.adapter({ adapterId, folder: target, type: "f32" })).rejects.toMatchObject({
      code: "adapter.base",
    });
    expect(readdirSync(target)).toEqual(["file"]);
  });
});

describe("the name of an exported folder", () => {
  it("is plain on every system", () => {
    expect(folderName("Müllers Modell: 2/3")).toBe("Müllers-Modell-2-3-adapter");
    expect(folderName("../../etc")).toBe("etc-adapter");
    expect(folderName("???")).toBe("adapter");
    expect(folderName("My adapter")).toBe("My-adapter");
  });
});
