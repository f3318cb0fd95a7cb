import { lstat, mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { peftFileNames } from "@main/adapters/formats/folder";
import type { AdapterLibrary } from "@main/adapters/library";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import { baseOf } from "@main/exports/base";
import { checkWritten } from "@main/exports/check";
import { folderName } from "@main/exports/folder-name";
import { adapterFileName, howToLoad, manifestText, modelfileText, readmeText } from "@main/exports/manifest";
import type { ModelLibrary } from "@main/models/library";
import { activationKey, modelRef } from "@main/models/model-ref";
import type { SettingsStore } from "@main/settings/settings";
import { withFileErrors } from "@main/storage/file-error";
import { sha256OfFile, syncFolder, temporaryName, writeTextAtomic } from "@main/storage/files";
import { HoneError } from "@shared/errors";
import type { ExportProgress, ExportRequest, ExportResult, Manifest } from "@shared/models/export";

export interface ExportOptions {
  readonly engine: EngineClient;
  readonly adapters: AdapterLibrary;
  readonly models: ModelLibrary;
  readonly datasets: DatasetLibrary;
  readonly settings: SettingsStore;
  /** Name and version for the manifest. */
  readonly madeBy: string;
  readonly onProgress: (progress: ExportProgress) => void;
}

/** Writes adapters into folders of their own. The folder appears under its name when everything in it is written and checked. */
export class AdapterExport {
  constructor(private readonly options: ExportOptions) {}

  async export({ adapterId, folder, type }: ExportRequest): Promise<ExportResult> {
    const parent = resolve(folder);
    await checkParent(parent);
    const adapter = await this.options.adapters.present(adapterId);
    const target = await freeName(join(parent, folderName(adapter.name)));
    const temporary = temporaryName(target);
    await withFileErrors("make a folder in", parent, () => mkdir(temporary));
    try {
      const manifest = await this.#fill(temporary, adapterId, type);
      await withFileErrors("write", target, () => rename(temporary, target));
      await syncFolder(parent);
      return { folder: target, manifest };
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
  }

  async #fill(folder: string, adapterId: string, type: ExportRequest["type"]): Promise<Manifest> {
    const { engine, adapters, models, datasets, settings, madeBy, onProgress } = this.options;
    const adapter = await adapters.present(adapterId);
    const { info, digest: baseDigest } = await baseOf(adapter, models);

    onProgress({ adapterId, stage: "writing" });
    const model = modelRef(info, settings.get());
    const written = join(folder, adapterFileName);
    const metadata = {
      "general.name": adapter.name,
      "general.base_model.count": "1",
      "general.base_model.0.name": info.name,
      "hone.base.sha256": baseDigest,
      ...activationKey(info),
      ...(adapter.datasetDigest === null ? {} : { "hone.dataset.sha256": adapter.datasetDigest }),
    };
    if (type === "peft") {
      await engine.adapters.exportPeft({ model, source: adapter.path, folder, baseName: info.name });
      // For the check only: what a reader of the folder would get.
      await engine.adapters.importFolder({ model, folder, target: written, name: adapter.name });
    } else {
      await engine.adapters.convert({ source: adapter.path, target: written, type, metadata });
    }

    onProgress({ adapterId, stage: "checking" });
    const check = await checkWritten({
      engine,
      datasets,
      model,
      contextLength: info.contextLength,
      adapter,
      written,
      type,
    });

    onProgress({ adapterId, stage: "finishing" });
    const base = basename(info.path);
    const files = type === "peft" ? [...peftFileNames] : [adapterFileName, "Modelfile"];
    if (type === "peft") await rm(written);
    else await writeTextAtomic(join(folder, "Modelfile"), modelfileText(base));
    const manifest: Manifest = {
      schema: 1,
      kind: "adapter",
      name: adapter.name,
      madeBy,
      base: { name: info.name, architecture: info.architecture, sha256: baseDigest, bytes: info.fileBytes },
      dataset: { sha256: adapter.datasetDigest },
      adapter: { rank: adapter.rank, alpha: adapter.alpha, type },
      scores: {
        before: adapter.scoreBefore?.exactMatch ?? null,
        after: adapter.scoreAfter?.exactMatch ?? null,
        rows: adapter.scoreAfter?.rows ?? 0,
      },
      check,
      files: await describeFiles(folder, files),
      howToLoad: howToLoad(base, type),
    };
    await writeTextAtomic(join(folder, "README.md"), readmeText(manifest));
    await writeTextAtomic(join(folder, "hone.json"), manifestText(manifest));
    const sums = await describeFiles(folder, [...files, "README.md", "hone.json"]);
    await writeTextAtomic(join(folder, "SHA256SUMS"), sums.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(""));
    return manifest;
  }
}

async function checkParent(parent: string): Promise<void> {
  const found = await withFileErrors("open the folder", parent, () => stat(parent));
  if (!found.isDirectory())
    throw new HoneError("file.kind", `"${parent}" is not a folder.`, "Choose a folder.", { path: parent });
}

/** `path`, or the first of `path-2`, `path-3` … that is not taken. An export never replaces anything. */
async function freeName(path: string): Promise<string> {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? path : `${path}-${count}`;
    const taken = await lstat(candidate).then(
      () => true,
      () => false,
    );
    if (!taken) return candidate;
  }
}

async function describeFiles(folder: string, names: readonly string[]): Promise<Manifest["files"]> {
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { name, bytes: (await stat(path)).size, sha256: await sha256OfFile(path) };
    }),
  );
}
