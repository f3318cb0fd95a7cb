import { lstat, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { baseOf } from "@main/exports/base";
import type { ExportOptions } from "@main/exports/export-adapter";
import { writeMerged } from "@main/exports/merge";
import { slugOf } from "@main/exports/slug";
import { modelRef } from "@main/models/model-ref";
import { withFileErrors } from "@main/storage/file-error";
import { sha256OfFile, temporaryName } from "@main/storage/files";
import { HoneError } from "@shared/errors";
import {
  type MergeEmbedding,
  type MergePlan,
  type MergeProgress,
  type MergeRequest,
  type MergeResult,
  mergeTypes,
} from "@shared/models/merge";

export interface MergeAdapterOptions
  extends Pick<ExportOptions, "engine" | "adapters" | "models" | "datasets" | "settings" | "unfinished"> {
  readonly onProgress: (progress: MergeProgress) => void;
}

/** Merges adapters of the shelf into their bases, one file each. */
export class AdapterMerge {
  readonly #running = new Map<string, AbortController>();

  constructor(private readonly options: MergeAdapterOptions) {}

  /** What every type would come to, for choosing one. */
  async plans(adapterId: string, embedding: MergeEmbedding): Promise<readonly MergePlan[]> {
    const { engine, adapters, models, settings } = this.options;
    const adapter = await adapters.present(adapterId);
    const { info } = await baseOf(adapter, models);
    return engine.merge.plan({
      model: modelRef(info, settings.get()),
      adapters: [{ path: adapter.path, strength: 1 }],
      types: [...mergeTypes],
      embedding,
    });
  }

  /** The same for a model that has no adapter yet, as if one changed every matrix of its blocks. */
  async plansOfModel(modelId: string): Promise<readonly MergePlan[]> {
    const { engine, models, settings } = this.options;
    const { info } = await models.present(modelId);
    return engine.merge.plan({
      model: modelRef(info, settings.get()),
      adapters: [],
      types: [...mergeTypes],
      embedding: "keep",
      assumeChanged: true,
    });
  }

  async merge({ adapterId, folder, type, embedding, strength }: MergeRequest): Promise<MergeResult> {
    const { engine, adapters, models, datasets, settings, unfinished, onProgress } = this.options;
    if (this.#running.has(adapterId))
      throw new HoneError("merge.running", "This adapter is being merged already.", "Wait for it, or stop it.");
    const controller = new AbortController();
    this.#running.set(adapterId, controller);
    try {
      const parent = resolve(folder);
      const found = await withFileErrors("open the folder", parent, () => stat(parent));
      if (!found.isDirectory())
        throw new HoneError("file.kind", `"${parent}" is not a folder.`, "Choose a folder.", { path: parent });
      const adapter = await adapters.present(adapterId);
      const base = await baseOf(adapter, models);
      const target = await freeFile(join(parent, `${slugOf(adapter.name)}-${type}`));
      const scratch = temporaryName(target);
      const merged = await unfinished.during(scratch, () =>
        writeMerged({
          engine,
          datasets,
          model: modelRef(base.info, settings.get()),
          base,
          adapter,
          strength,
          type,
          embedding,
          target,
          scratch,
          onProgress: (progress) => onProgress({ adapterId, ...progress }),
          signal: controller.signal,
        }),
      );
      return { path: target, bytes: (await stat(target)).size, digest: await sha256OfFile(target), ...merged };
    } finally {
      this.#running.delete(adapterId);
    }
  }

  /** Nothing happens when it is through already. */
  stop(adapterId: string): void {
    this.#running.get(adapterId)?.abort();
  }
}

/** `stem`.gguf, or the first of `stem`-2.gguf … that is not taken. A merge never replaces anything. */
async function freeFile(stem: string): Promise<string> {
  for (let count = 1; ; count++) {
    const candidate = `${stem}${count === 1 ? "" : `-${count}`}.gguf`;
    const taken = await lstat(candidate).then(
      () => true,
      () => false,
    );
    if (!taken) return candidate;
  }
}
