import { rm, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { baseOnShelf } from "@main/adapters/bundle/base";
import { isBundle, type OpenedBundle, withBundle } from "@main/adapters/bundle/open-bundle";
import { adapterFolderOf } from "@main/adapters/formats/folder";
import { checkImport, importNotices } from "@main/adapters/import-check";
import { recipeDigest } from "@main/adapters/recipe-digest";
import { AdapterStore, type StoredAdapter } from "@main/adapters/store";
import type { EngineClient } from "@main/engine/client";
import type { RunHistories } from "@main/jobs/history";
import type { StoredRun } from "@main/jobs/store";
import type { ModelLibrary } from "@main/models/library";
import { modelRef } from "@main/models/model-ref";
import type { SettingsStore } from "@main/settings/settings";
import type { Database } from "@main/storage/database";
import { copyAtomic, isFile, sha256OfFile } from "@main/storage/files";
import { newId, now } from "@main/storage/id";
import type { DataPaths } from "@main/storage/paths";
import type { ModelRef } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import type { AdapterRecord, ImportedAdapter, Passport } from "@shared/models/adapter";
import type { Bundle } from "@shared/models/bundle";
import type { ModelInfo } from "@shared/models/model";
import type { ScoreKind } from "@shared/models/score";

export interface AdapterLibraryOptions {
  readonly database: Database;
  readonly paths: DataPaths;
  readonly engine: EngineClient;
  readonly models: ModelLibrary;
  readonly settings: SettingsStore;
  readonly histories: RunHistories;
  readonly onChanged: (id: string) => void;
}

interface Losses {
  readonly train: number | null;
  readonly validation: number | null;
}

/** The adapters on the shelf. Their files are Hone's own: trained here, or copied in. */
export class AdapterLibrary {
  readonly store: AdapterStore;

  constructor(private readonly options: AdapterLibraryOptions) {
    this.store = new AdapterStore(options.database);
  }

  async list(): Promise<AdapterRecord[]> {
    return Promise.all(this.store.list().map(toRecord));
  }

  async record(id: string): Promise<AdapterRecord> {
    return toRecord(this.get(id));
  }

  /** Throws "adapter.unknown". */
  get(id: string): StoredAdapter {
    const found = this.store.get(id);
    if (!found)
      throw new HoneError(
        "adapter.unknown",
        `There is no adapter with the id "${id}".`,
        "It may have been removed; choose another one.",
      );
    return found;
  }

  /** As `get`, and the file is there. Throws "adapter.missing". */
  async present(id: string): Promise<StoredAdapter> {
    const adapter = this.get(id);
    if (await isFile(adapter.path)) return adapter;
    throw new HoneError(
      "adapter.missing",
      `The file of the adapter "${adapter.name}" is no longer at "${adapter.path}".`,
      "Remove it from the list, or train or import it again.",
      { path: adapter.path },
    );
  }

  /** The result of a run, at a path of `DataPaths.adapter`. A run that ends twice has one adapter. */
  registerTrained(run: StoredRun, baseDigest: string, path: string): Promise<StoredAdapter> {
    const losses = this.options.histories.finalLosses(run.id, run.recipe.patience != null);
    return this.register(run, baseDigest, path, { name: run.name, step: null, losses });
  }

  /** What a run has learned at its end, or at a checkpoint when `step` says so. */
  async register(
    run: StoredRun,
    baseDigest: string,
    path: string,
    { name, step, losses }: { name: string; step: number | null; losses: Losses },
  ): Promise<StoredAdapter> {
    const info = await this.options.engine.engine.inspectAdapter({ path });
    const known = step === null ? this.store.ofRun(run.id) : this.store.ofCheckpoint(run.id, step);
    const adapter: StoredAdapter = {
      id: known?.id ?? newId(),
      name,
      ...(await fileFacts(path)),
      rank: info.rank,
      alpha: info.alpha,
      architecture: info.architecture,
      origin: "trained",
      modelId: run.modelId,
      baseDigest,
      runId: run.id,
      checkpointStep: step,
      datasetId: run.datasetId,
      datasetDigest: run.datasetDigest,
      recipe: run.recipe,
      finalTrainLoss: losses.train,
      finalValidationLoss: losses.validation,
      scoreBy: run.scoreBy,
      scoreBefore: null,
      scoreAfter: null,
      effect: null,
      passport: null,
      createdAt: now(),
    };
    this.store.save(adapter);
    this.options.onChanged(adapter.id);
    return adapter;
  }

  /**
   * Copies a file from elsewhere in, or converts a folder, once the engine has found that it fits the model. A bundle of Hone names
   * its base itself, and is refused for another one.
   */
  async import(path: string, modelId: string | undefined, name?: string): Promise<ImportedAdapter> {
    if (await isBundle(path)) return withBundle(path, (opened) => this.#importBundle(opened, modelId, name));
    if (modelId === undefined)
      throw new HoneError(
        "adapter.model",
        "An adapter without a bundle does not say for which base it is.",
        "Choose its base.",
      );
    const folder = await adapterFolderOf(path);
    return this.#keep(path, modelId, {
      name: name ?? (folder === null ? basename(path, extname(path)) : basename(folder)),
      datasetDigest: null,
      passport: null,
    });
  }

  async #importBundle({ bundle, adapter }: OpenedBundle, modelId: string | undefined, name?: string) {
    const model = await baseOnShelf(this.options.models, bundle);
    if (modelId !== undefined && model.id !== modelId) {
      const { info } = this.options.models.get(modelId);
      throw new HoneError(
        "bundle.base",
        `"${bundle.name}" was made for "${model.info.name}" (SHA-256 ${bundle.base.sha256.slice(0, 8)}…), not for "${info.name}".`,
        `Choose "${model.info.name}"; with another base its answers would be wrong.`,
        { base: bundle.base },
      );
    }
    const imported = await this.#keep(adapter, model.id, {
      name: name ?? bundle.name.slice(0, 200),
      datasetDigest: bundle.training.dataset_sha256,
      passport: passportOf(bundle),
    });
    return { ...imported, notices: [...bundle.warnings, ...imported.notices] };
  }

  async #keep(
    path: string,
    modelId: string,
    known: Pick<StoredAdapter, "name" | "datasetDigest" | "passport">,
  ): Promise<ImportedAdapter> {
    const { models, paths } = this.options;
    const { info: model } = await models.present(modelId);
    const folder = await adapterFolderOf(path);
    const id = newId();
    const target = paths.adapter(id);
    const { info, notices, check } = await this.#bringIn(path, folder, model, target);
    const adapter: StoredAdapter = {
      id,
      ...known,
      name: known.name || info.name,
      ...(await fileFacts(target)),
      rank: info.rank,
      alpha: info.alpha,
      architecture: info.architecture,
      origin: "imported",
      modelId,
      baseDigest: await models.digest(modelId),
      runId: null,
      checkpointStep: null,
      datasetId: null,
      recipe: null,
      finalTrainLoss: null,
      finalValidationLoss: null,
      scoreBy: null,
      scoreBefore: null,
      scoreAfter: null,
      effect: null,
      createdAt: now(),
    };
    this.store.save(adapter);
    this.options.onChanged(id);
    return { ...(await toRecord(adapter)), notices, check };
  }

  /** Fills `target` and runs the model with it; on any failure nothing is left. */
  async #bringIn(path: string, folder: string | null, model: ModelInfo, target: string) {
    const { engine, settings } = this.options;
    const ref = modelRef(model, settings.get());
    try {
      const dropped = folder === null ? [] : await this.#convert(folder, ref, target);
      // What was written is read again and checked as any other file.
      const info = await engine.adapters.check({ model: ref, path: folder === null ? path : target });
      if (folder === null) await copyAtomic(path, target);
      const check = await checkImport({ engine, model: ref, info: model, written: target, converted: folder !== null });
      return { info, notices: [...dropped, ...info.notices, ...importNotices(check)], check };
    } catch (error) {
      await rm(target, { force: true });
      throw error;
    }
  }

  async #convert(folder: string, model: ModelRef, target: string): Promise<readonly string[]> {
    const { notices } = await this.options.engine.adapters.importFolder({
      model,
      folder,
      target,
      name: basename(folder),
    });
    return notices;
  }

  /** What was measured stays; which of it counts is another. */
  async setScoreBy(id: string, kind: ScoreKind): Promise<AdapterRecord> {
    this.get(id);
    this.store.setScoreBy(id, kind);
    this.options.onChanged(id);
    return this.record(id);
  }

  async rename(id: string, name: string): Promise<AdapterRecord> {
    this.get(id);
    this.store.rename(id, name);
    this.options.onChanged(id);
    return this.record(id);
  }

  async remove(id: string): Promise<void> {
    const { path } = this.get(id);
    this.store.remove(id);
    await rm(path, { force: true });
    this.options.onChanged(id);
  }
}

async function toRecord({ datasetId: _, ...adapter }: StoredAdapter): Promise<AdapterRecord> {
  const { recipe, passport } = adapter;
  return {
    ...adapter,
    recipeDigest: recipe ? recipeDigest(recipe) : (passport?.recipeDigest ?? null),
    missing: !(await isFile(adapter.path)),
  };
}

function passportOf({ created_by, adapter, base, training, eval: found, parents, warnings }: Bundle): Passport {
  return {
    madeBy: `Hone ${created_by.hone}`,
    digest: adapter.sha256,
    licence: base.licence,
    recipeDigest: training.recipe_sha256,
    rows: training.rows,
    steps: training.steps,
    exactAnswers: found.exact_answers,
    parents,
    warnings,
  };
}

async function fileFacts(path: string): Promise<{ path: string; digest: string; bytes: number }> {
  return { path, digest: await sha256OfFile(path), bytes: (await stat(path)).size };
}
