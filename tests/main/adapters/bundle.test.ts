import {
  appendFileSync,
  cpSync,
  createWriteStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Bundle } from "@shared/models/bundle";
import type { ExportRequest } from "@shared/models/export";
import { describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { writeFakeModel } from "../../support/fake-engine";
import { openStudio, runUntil, startRun, stock } from "../../support/studio";

/** Someone who trains and exports, and someone else who has the same base on the shelf. */
async function makerAndTaker(wish: Partial<ExportRequest> = {}) {
  const maker = await openStudio();
  await stock(maker);
  const started = await startRun(maker);
  const run = await runUntil(maker, started.id, ({ state }) => state === "done");
  const adapterId = run.adapterId ?? "";
  await maker.client.adapters.score({ id: adapterId });
  const out = join(maker.folder, "out");
  mkdirSync(out);
  const made = await maker.client.exports.write({ adapterId, folder: out, profile: "adapter", ...wish });
  const taker = await openStudio();
  const base = await taker.client.models.add({ path: writeFakeModel(join(taker.folder, "same.gguf")) });
  return { maker, taker, base, adapterId, ...made };
}

const change = (path: string, edit: (bundle: Bundle) => unknown) => {
  const file = join(path, "hone.json");
  const bundle = JSON.parse(readFileSync(file, "utf8")) as Bundle;
  writeFileSync(file, JSON.stringify(edit(bundle) ?? bundle));
};

async function zipOf(path: string, add: (zip: ZipFile) => void): Promise<string> {
  const zip = new ZipFile();
  add(zip);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith("hone-bundle-"));

describe("a bundle that someone else made", () => {
  it.each([{ zip: false }, { zip: true }])(
    "comes in with its passport, as a folder or as an archive (%o)",
    async ({ zip }) => {
      const { taker, base, path, bundle } = await makerAndTaker({ zip });
      const adapter = await taker.client.adapters.import({ path });
      expect(adapter).toMatchObject({
        name: bundle.name,
        origin: "imported",
        modelId: base.id,
        baseDigest: bundle.base.sha256,
        datasetDigest: bundle.training.dataset_sha256,
        recipeDigest: bundle.training.recipe_sha256,
        passport: {
          madeBy: "Hone test",
          digest: bundle.adapter.sha256,
          exactAnswers: { rows: 4, before: 0, after: 1 },
          parents: bundle.parents,
        },
      });
      expect(adapter.recipeDigest).toMatch(/^[0-9a-f]{64}$/);
      // Given on, it remembers where it came from.
      const out = join(taker.folder, "out");
      mkdirSync(out);
      const again = await taker.client.exports.write({ adapterId: adapter.id, folder: out, profile: "adapter" });
      expect(again.bundle.parents.map(({ kind }) => kind)).toEqual(["base", "adapter", "adapter"]);
      expect(again.bundle.parents[1]?.sha256).toBe(bundle.adapter.sha256);
      expect((await (await taker.reopen()).client.adapters.list())[0]?.passport).toEqual(adapter.passport);
    },
  );

  it("is refused for another base, and the one that it needs is named", async () => {
    const { path, bundle } = await makerAndTaker();
    const stranger = await openStudio();
    await expect(stranger.client.adapters.import({ path })).rejects.toMatchObject({
      code: "bundle.base",
      message: expect.stringMatching(/was made for "Tiny" \(llama, F32, \d+ bytes.*not among your models/),
      details: { base: { sha256: bundle.base.sha256 } },
    });
    const other = await stranger.client.models.add({ path: writeFakeModel(join(stranger.folder, "b.gguf"), "Tiny ") });
    await expect(stranger.client.adapters.import({ path, modelId: other.id })).rejects.toMatchObject({
      code: "bundle.base",
    });
    await stranger.client.models.add({ path: writeFakeModel(join(stranger.folder, "a.gguf")) });
    await expect(stranger.client.adapters.import({ path, modelId: other.id })).rejects.toMatchObject({
      code: "bundle.base",
      hint: expect.stringContaining('Choose "Tiny"'),
    });
    expect(await stranger.client.adapters.list()).toEqual([]);
  });

  it("that holds a merged model says where such a model goes", async () => {
    const { taker, path } = await makerAndTaker({ profile: "android" });
    await expect(taker.client.adapters.import({ path })).rejects.toMatchObject({
      code: "bundle.no-adapter",
      hint: expect.stringContaining("under Models"),
    });
  });
});

describe("a hostile bundle", () => {
  it("whose files are not what the manifest lists is refused", async () => {
    const { taker, path, bundle } = await makerAndTaker();
    const file = join(path, bundle.files.find(({ role }) => role === "adapter")?.path ?? "");
    const good = readFileSync(file);
    appendFileSync(file, " ");
    await expect(taker.client.adapters.import({ path })).rejects.toMatchObject({ code: "bundle.sum" });
    writeFileSync(file, Buffer.from(good).fill(" ", good.length - 1));
    await expect(taker.client.adapters.import({ path })).rejects.toThrow(/is not what hone.json lists/);
    renameSync(file, `${file}.gone`);
    await expect(taker.client.adapters.import({ path })).rejects.toMatchObject({ code: "file.missing" });
    expect(await taker.client.adapters.list()).toEqual([]);
  });

  it("that reaches outside through links is refused", async () => {
    const { taker, path, bundle } = await makerAndTaker();
    const listed = bundle.files.find(({ role }) => role === "adapter")?.path ?? "";
    const file = join(path, listed);
    renameSync(file, join(taker.folder, "elsewhere"));
    symlinkSync(join(taker.folder, "elsewhere"), file);
    await expect(taker.client.adapters.import({ path })).rejects.toMatchObject({ code: "bundle.link" });
    const twin = join(taker.folder, "twin");
    cpSync(path, twin, { recursive: true, filter: (source) => !source.includes("adapter") });
    symlinkSync(join(path, "adapter"), join(twin, "adapter"));
    await expect(taker.client.adapters.import({ path: twin })).rejects.toMatchObject({ code: "bundle.link" });
  });

  it.each([
    [
      "leads out",
      (bundle: Bundle) => ({ ...bundle, files: bundle.files.map((file) => ({ ...file, path: `../${file.path}` })) }),
    ],
    [
      "is absolute",
      (bundle: Bundle) => ({ ...bundle, files: bundle.files.map((file) => ({ ...file, path: `/${file.path}` })) }),
    ],
    [
      "has back slashes",
      (bundle: Bundle) => ({ ...bundle, files: bundle.files.map((file) => ({ ...file, path: `a\\${file.path}` })) }),
    ],
    ["lacks fields", (bundle: Bundle) => ({ format: bundle.format, name: bundle.name })],
  ])("with a manifest that %s is refused by name", async (_, edit) => {
    const { taker, path } = await makerAndTaker();
    change(path, edit);
    await expect(taker.client.adapters.import({ path })).rejects.toMatchObject({ code: "bundle.manifest" });
  });

  it("of a later format, with a name twice, or no text at all is refused", async () => {
    const { taker, path } = await makerAndTaker();
    const manifest = join(path, "hone.json");
    const text = readFileSync(manifest, "utf8");
    writeFileSync(manifest, text.replace('"format": 1', '"format": 2'));
    await expect(taker.client.adapters.import({ path })).rejects.toMatchObject({ code: "bundle.format" });
    writeFileSync(manifest, text.replace('"format": 1', '"format": 1, "format": 1'));
    await expect(taker.client.adapters.import({ path })).rejects.toMatchObject({ code: "json.malformed" });
    writeFileSync(manifest, Buffer.alloc(2 ** 21));
    await expect(taker.client.adapters.import({ path })).rejects.toMatchObject({ code: "bundle.size" });
  });

  it("that claims to be larger than any adapter is refused before it is read", async () => {
    const { taker, path } = await makerAndTaker();
    change(path, (bundle) => ({ ...bundle, files: bundle.files.map((file) => ({ ...file, bytes: 2 ** 40 })) }));
    await expect(taker.client.adapters.import({ path })).rejects.toMatchObject({ code: "bundle.size" });
  });
});

describe("a hostile archive", () => {
  async function archives() {
    const made = await makerAndTaker();
    const { taker, path, bundle } = made;
    const listed = bundle.files.find(({ role }) => role === "adapter")?.path ?? "";
    const good = (zip: ZipFile) => {
      zip.addFile(join(path, "hone.json"), "x-hone/hone.json");
      zip.addFile(join(path, listed), `x-hone/${listed}`);
    };
    const refused = async (name: string, add: (zip: ZipFile) => void, patch?: (bytes: Buffer) => void) => {
      const archive = await zipOf(join(taker.folder, `${name}.zip`), add);
      if (patch) {
        const bytes = readFileSync(archive);
        patch(bytes);
        writeFileSync(archive, bytes);
      }
      return taker.client.adapters.import({ path: archive }).then(
        () => "imported",
        (error: { code: string }) => error.code,
      );
    };
    return { ...made, listed, good, refused };
  }

  it("with names that lead out, links, or a name twice is refused, and nothing is written anywhere", async () => {
    const { taker, path, listed, good, refused } = await archives();
    const before = leftovers();
    const outward = (name: string) => (bytes: Buffer) => {
      for (let at = bytes.indexOf("AAAAAAAA"); at >= 0; at = bytes.indexOf("AAAAAAAA")) bytes.write(name, at, "latin1");
    };
    const extra = (zip: ZipFile) => {
      good(zip);
      zip.addBuffer(Buffer.from("evil"), "AAAAAAAA");
    };
    expect(await refused("slip", extra, outward("../../ev"))).toBe("bundle.archive");
    expect(await refused("absolute", extra, outward("/etc/evi"))).toBe("bundle.archive");
    expect(await refused("drive", extra, outward("C:\\evil."))).toBe("bundle.archive");
    expect(await refused("back", extra, outward("..\\..\\ev"))).toBe("bundle.archive");
    const link = (zip: ZipFile) => {
      zip.addFile(join(path, "hone.json"), "x-hone/hone.json");
      zip.addBuffer(Buffer.from("/etc/passwd"), `x-hone/${listed}`, { mode: 0o120777 });
    };
    expect(await refused("link", link)).toBe("bundle.archive");
    const twice = (zip: ZipFile) => {
      good(zip);
      zip.addFile(join(path, listed), `x-hone/${listed}`);
    };
    expect(await refused("twice", twice)).toBe("bundle.archive");
    expect(await taker.client.adapters.list()).toEqual([]);
    expect(leftovers()).toEqual(before);
  });

  it("that unpacks to more than it says is stopped", async () => {
    const { path, listed, refused } = await archives();
    const size = readFileSync(join(path, listed)).length;
    const bomb = (zip: ZipFile) => {
      zip.addFile(join(path, "hone.json"), "x-hone/hone.json");
      zip.addBuffer(Buffer.alloc(50_000_000, 32), `x-hone/${listed}`);
    };
    expect(await refused("larger", bomb)).toBe("bundle.sum");
    // The same with both size fields forged to what the manifest says.
    const forge = (bytes: Buffer) => {
      const claimed = Buffer.alloc(4);
      claimed.writeUInt32LE(50_000_000);
      for (let at = bytes.indexOf(claimed); at >= 0; at = bytes.indexOf(claimed)) bytes.writeUInt32LE(size, at);
    };
    expect(await refused("forged", bomb, forge)).toBe("bundle.archive");
    const manifest = (zip: ZipFile) => zip.addBuffer(Buffer.alloc(3_000_000, 32), "x-hone/hone.json");
    expect(await refused("manifest", manifest)).toBe("bundle.size");
  });

  it("that is none, is cut off, or holds no manifest is refused", async () => {
    const { taker, good, refused } = await archives();
    expect(await refused("nothing", (zip) => zip.addBuffer(Buffer.from("x"), "readme.txt"))).toBe("bundle.none");
    const path = join(taker.folder, "text.zip");
    writeFileSync(path, "not an archive");
    await expect(taker.client.adapters.import({ path })).rejects.toMatchObject({ code: "bundle.archive" });
    const whole = readFileSync(await zipOf(join(taker.folder, "whole.zip"), good));
    for (const length of [10, whole.length >> 1, whole.length - 5]) {
      writeFileSync(path, whole.subarray(0, length));
      await expect(taker.client.adapters.import({ path })).rejects.toMatchObject({ code: "bundle.archive" });
    }
    await taker.client.adapters.import({ path: join(taker.folder, "whole.zip") });
  });
});
