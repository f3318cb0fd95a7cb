import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { slugOf } from "@main/exports/slug";
import { bundleSchema, probeFileSchema } from "@shared/models/bundle";
import { type ExportRequest, exportProfiles } from "@shared/models/export";
import { describe, expect, it } from "vitest";
import { writeFakeModel } from "../../support/fake-engine";
import { eventually, openStudio, runUntil, type Studio, startRun, stock } from "../../support/studio";

async function trained() {
  const studio = await openStudio();
  await stock(studio);
  const started = await startRun(studio);
  const run = await runUntil(studio, started.id, ({ state }) => state === "done");
  const target = join(studio.folder, "target");
  mkdirSync(target);
  const adapterId = run.adapterId ?? "";
  // A manifest tells the scores; two exports are equal once these are settled.
  await studio.client.adapters.score({ id: adapterId });
  const write = (wish: Omit<ExportRequest, "adapterId" | "folder">) =>
    studio.client.exports.write({ adapterId, folder: target, ...wish });
  return { studio, target, adapterId, write };
}

/** Every file under a folder, by its path with slashes. */
function filesIn(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.replaceAll("\\", "/"))
    .sort();
}

const stages = (studio: Studio) => [
  ...new Set(
    studio.news
      .filter(({ path }) => path === "exports.progress")
      .map(({ payload }) => (payload as { stage: string }).stage),
  ),
];

describe("an export", () => {
  it("is a folder with adapter, manifest, probe, instructions and checksums that hold", async () => {
    const { studio, write } = await trained();
    const { path, bundle, gates } = await write({ profile: "adapter", adapterType: "f32" });
    const files = ["README.md", "SHA256SUMS", "adapter/NAME.lora-f32.gguf", "hone.json", "probe/prompts.json"];
    expect(filesIn(path).map((name) => name.replace(/adapter\/.*\.lora/, "adapter/NAME.lora"))).toEqual(files);
    expect(bundleSchema.parse(JSON.parse(readFileSync(join(path, "hone.json"), "utf8")))).toEqual(bundle);
    expect(bundle).toMatchObject({
      format: 1,
      profile: "adapter",
      adapter: { rank: 4 },
      merge: { applied: false, quantised_from: null },
      base: { name: "Tiny", hidden_activation: "silu" },
      eval: { exact_answers: { before: 0, after: 1, rows: 4 }, on: "held-out rows" },
      parents: [{ kind: "base" }, { kind: "adapter" }],
    });
    expect(gates.map(({ state }) => state)).not.toContain("later");
    expect(stages(studio)).toEqual(["checking", "writing", "comparing", "probing", "sealing"]);
    // The system's own tool is the judge of the checksums.
    const sums = spawnSync("sha256sum", ["-c", "SHA256SUMS"], { cwd: path, encoding: "utf8" });
    if (sums.error === undefined)
      expect(sums.stdout.trim().split("\n")).toEqual(expect.not.arrayContaining(["FAILED"]));
    if (sums.error === undefined) expect(sums.status, sums.stderr).toBe(0);
    expect(readFileSync(join(path, "SHA256SUMS"), "utf8").trim().split("\n")).toHaveLength(4);
  });

  it("holds probes whose answers prove that the adapter is at work", async () => {
    const { write } = await trained();
    const { path } = await write({ profile: "adapter" });
    const probes = probeFileSchema.parse(JSON.parse(readFileSync(join(path, "probe", "prompts.json"), "utf8")));
    expect(probes.prompts_from).toBe("built-in");
    expect(probes.prompts).toHaveLength(3);
    for (const { prompt, without_adapter, expected, proves } of probes.prompts) {
      expect(proves).toBe(true);
      expect(without_adapter).toBe("I do not know.");
      expect(expected.F32).toContain(`{"say":"${prompt}`.slice(0, 40));
    }
  });

  it("takes prompts of the person's own in place of the built-in ones", async () => {
    const { write } = await trained();
    const { path } = await write({ profile: "adapter", probes: ["What is for lunch?"] });
    expect(JSON.parse(readFileSync(join(path, "probe", "prompts.json"), "utf8"))).toMatchObject({
      prompts_from: "chosen",
      prompts: [{ prompt: "What is for lunch?", proves: true }],
    });
    expect(readFileSync(join(path, "README.md"), "utf8")).toContain("chosen by whoever made this export");
  });

  it.each(exportProfiles.map((profile) => ({ profile })))(
    "for $profile is equal bit for bit when made twice, and carries no path and no row of the dataset",
    async ({ profile }) => {
      const { studio, write } = await trained();
      const [first, second] = [await write({ profile }), await write({ profile })];
      expect(second.path).toBe(`${first.path}-2`);
      expect(filesIn(second.path)).toEqual(filesIn(first.path));
      expect(filesIn(first.path).length).toBeGreaterThan(4);
      for (const name of filesIn(first.path)) {
        const bytes = readFileSync(join(first.path, name));
        expect(readFileSync(join(second.path, name)).equals(bytes), name).toBe(true);
        const text = bytes.toString("latin1");
        expect(text, name).not.toContain(studio.folder);
        expect(text, name).not.toContain(process.env.HOME ?? "/home/");
        for (const row of readFileSync(join(studio.folder, "questions.jsonl"), "utf8").trim().split("\n"))
          for (const { content } of (JSON.parse(row) as { messages: { content: string }[] }).messages)
            expect(text, name).not.toContain(content);
      }
    },
  );

  it("as an archive is equal bit for bit too, whatever the clock says", async () => {
    const { write } = await trained();
    const first = await write({ profile: "developer", zip: true });
    await new Promise((resolve) => setTimeout(resolve, 2100));
    const second = await write({ profile: "developer", zip: true });
    expect(first.path).toMatch(/-hone\.zip$/);
    expect(second.path).toBe(first.path.replace(/\.zip$/, "-2.zip"));
    expect(readFileSync(second.path).equals(readFileSync(first.path))).toBe(true);
    const inside = readFileSync(first.path, "latin1");
    for (const { path } of first.bundle.files) expect(inside).toContain(`-hone/${path}`);
  });
});

describe("what each profile holds", () => {
  it("is one merged file for apps, named after the adapter and its type", async () => {
    const { write, studio, adapterId } = await trained();
    const { path, bundle } = await write({ profile: "android" });
    const merged = bundle.files.find(({ role }) => role === "merged");
    const name = slugOf((await studio.client.adapters.list())[0]?.name ?? "");
    expect(merged).toMatchObject({ path: `merged/${name}-q4_0.gguf`, quant: "Q4_0" });
    expect(bundle.merge).toEqual({ applied: true, formula: "W + alpha/r·B·A", quantised_from: "F32" });
    expect(bundle.phones).toEqual([{ profile: "android", min_ram_gb: 3, file: merged?.path }]);
    expect(bundle.files.some(({ role }) => role === "adapter")).toBe(false);
    expect(readFileSync(join(path, "README.md"), "utf8")).toMatch(/PocketPal[\s\S]*Add local model/);
    expect(adapterId).not.toBe("");
  });

  it("is the base in parts and the adapter for a browser, and both whole for runtimes that take adapters", async () => {
    const { write, studio } = await trained();
    const page = await write({ profile: "page" });
    expect(page.bundle.files.filter(({ role }) => role === "base").map(({ path }) => path)).toEqual([
      "base/tiny-00001-of-00002.gguf",
      "base/tiny-00002-of-00002.gguf",
    ]);
    const pair = await write({ profile: "pair" });
    expect(readFileSync(join(pair.path, "base", "tiny.gguf"))).toEqual(readFileSync(join(studio.folder, "tiny.gguf")));
    expect(pair.bundle.files.find(({ role }) => role === "base")?.sha256).toBe(pair.bundle.base.sha256);
  });

  it("is a Modelfile with the adapter and the template for Ollama", async () => {
    const { write } = await trained();
    const { path } = await write({ profile: "ollama" });
    const text = readFileSync(join(path, "Modelfile"), "utf8");
    expect(text).toMatch(/^FROM ".\/tiny.gguf"\nADAPTER ".\/adapter\/.*\.lora-f16\.gguf"\n/);
    expect(text).toContain('{{ if eq .Role "system" }}<system>{{ .Content }}</system>');
  });
});

describe("a gate", () => {
  it("never lets a ternary type be merged, with the reason and the alternative", async () => {
    const { write, target, studio, adapterId } = await trained();
    const wish = { profile: "merged", mergedType: "tq2_0" } as const;
    await expect(write({ ...wish, pass: ["activation", "memory"] })).rejects.toMatchObject({
      code: "export.merge-type",
      message: expect.stringContaining("destroyed"),
      hint: expect.stringContaining("Q8_0"),
    });
    const [plan] = await studio.client.exports.plan({ wishes: [{ adapterId, ...wish }], folder: null, zip: false });
    expect(plan).toMatchObject({ ready: false, mergedType: "tq2_0" });
    expect(readdirSync(target)).toEqual([]);
  });

  it("keeps nothing of an export that does not behave like the adapter", async () => {
    const { write, studio, target } = await trained();
    studio.engine.difference = 0.5;
    await expect(write({ profile: "adapter" })).rejects.toMatchObject({ code: "export.check" });
    studio.engine.difference = Number.NaN;
    await expect(write({ profile: "peft" })).rejects.toMatchObject({ code: "export.check" });
    studio.engine.difference = 0;
    studio.engine.agreement = 0.5;
    await expect(write({ profile: "android" })).rejects.toMatchObject({
      code: "export.agreement",
      hint: expect.stringContaining("Q8_0"),
    });
    expect(readdirSync(target)).toEqual([]);
  });

  it("asks for the base that the adapter was made for", async () => {
    const { write, studio, target } = await trained();
    writeFakeModel(join(studio.folder, "tiny.gguf"), "Another");
    await expect(write({ profile: "adapter" })).rejects.toMatchObject({ code: "adapter.base" });
    expect(readdirSync(target)).toEqual([]);
  });

  it("asks for a folder that is there", async () => {
    const { studio, target, adapterId } = await trained();
    const into = (folder: string) => studio.client.exports.write({ adapterId, folder, profile: "adapter" });
    await expect(into(join(target, "none"))).rejects.toMatchObject({ code: "file.missing" });
    writeFileSync(join(target, "file"), "");
    await expect(into(join(target, "file"))).rejects.toMatchObject({ code: "file.kind" });
  });
});

describe("an export that is cancelled", () => {
  it("ends soon and leaves nothing, and another can follow", async () => {
    const { studio, target, adapterId, write } = await trained();
    studio.engine.mergeMs = 100_000;
    const running = write({ profile: "android" });
    const failure = running.catch((error: unknown) => error);
    await expect(write({ profile: "adapter" })).rejects.toMatchObject({ code: "export.busy" });
    await eventually(
      () => stages(studio),
      (found) => found.includes("writing"),
    );
    await studio.client.exports.cancel({ adapterId });
    expect(await failure).toMatchObject({ code: "export.cancelled" });
    expect(readdirSync(target)).toEqual([]);
    studio.engine.mergeMs = 0;
    await write({ profile: "android" });
  });
});

describe("an export that is going on when Hone is closed", () => {
  it("ends first, and leaves nothing", async () => {
    const { studio, target, write } = await trained();
    studio.engine.mergeMs = 100_000;
    const failure = write({ profile: "android" }).catch((error: unknown) => error);
    await eventually(
      () => readdirSync(target).length,
      (count) => count === 1,
    );
    await studio.close();
    expect(readdirSync(target)).toEqual([]);
    expect(await failure).toMatchObject({ code: "export.cancelled" });
  });
});

describe("an export that a crash cut off", () => {
  it("has no final name, and what is left is deleted at the next start", async () => {
    const { studio, target } = await trained();
    const { folder, engine } = studio;
    await studio.close();
    // As the dying process leaves it: a note in the data folder, and a folder under a temporary name.
    const left = join(target, "Polite-hone.0a1b2c3d.partial");
    mkdirSync(left);
    writeFileSync(join(left, "hone.json"), "{");
    const notes = join(folder, "data", "exporting");
    mkdirSync(notes, { recursive: true });
    writeFileSync(join(notes, "one.txt"), left);
    writeFileSync(join(notes, "two.txt"), target);
    await openStudio({}, folder, engine);
    expect(existsSync(left)).toBe(false);
    expect(existsSync(target), "a note never deletes what has no temporary name").toBe(true);
    expect(readdirSync(notes)).toEqual([]);
  });
});

describe("the name of an export", () => {
  it("is plain on every system", () => {
    expect(slugOf("Müllers Modell: 2/3")).toBe("Müllers-Modell-2-3");
    expect(slugOf("../../etc")).toBe("etc");
    expect(slugOf("???")).toBe("adapter");
    expect(slugOf("My adapter")).toBe("My");
  });
});
