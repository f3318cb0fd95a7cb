import { readdir, rm, stat, statfs } from "node:fs/promises";
import type { AdapterLibrary } from "@main/adapters/library";
import type { EngineClient } from "@main/engine/client";
import { adapterMetadata } from "@main/jobs/adapter-metadata";
import type { CheckpointStore } from "@main/jobs/checkpoint-store";
import type { RunHistories } from "@main/jobs/history";
import { byteLimits, type KeptFile, mostKept, nearest, oldestSurplus, surplus } from "@main/jobs/keep-rule";
import type { RunStore, StoredRun } from "@main/jobs/store";
import type { ModelLibrary } from "@main/models/library";
import { modelRef } from "@main/models/model-ref";
import type { SettingsStore } from "@main/settings/settings";
import { isFile, sha256OfFile } from "@main/storage/files";
import { newId } from "@main/storage/id";
import type { DataPaths } from "@main/storage/paths";
import type { ModelRef } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import type { AdapterRecord } from "@shared/models/adapter";
import type { KeptCheckpoint } from "@shared/models/checkpoint";
import type { ModelInfo } from "@shared/models/model";

export interface CheckpointShelfOptions {
  /** The one that does not train. */
  readonly engine: EngineClient;
  readonly runs: RunStore;
  readonly histories: RunHistories;
  readonly checkpoints: CheckpointStore;
  readonly adapters: AdapterLibrary;
  readonly models: ModelLibrary;
  readonly settings: SettingsStore;
  readonly paths: DataPaths;
  readonly onChanged: (runId: string) => void;
}

/** An adapter file in use, and what it is. */
interface OpenedCheckpoint {
  readonly path: string;
  readonly digest: string;
  readonly baseDigest: string | null;
}

/** The model of a run, as it lies on the disk now. */
interface Base {
  readonly info: ModelInfo;
  readonly model: ModelRef;
  readonly digest: string;
}

/** The checkpoints that runs have kept: what lies on the disk counts, the database only adds what was told about it. */
export class CheckpointShelf {
  readonly #opening = new Map<string, Promise<OpenedCheckpoint>>();

  constructor(private readonly options: CheckpointShelfOptions) {}

  /** By step. */
  async list(runId: string): Promise<KeptCheckpoint[]> {
    this.#run(runId);
    const { histories, checkpoints, adapters } = this.options;
    const files = await this.#files(runId);
    const told = new Map(checkpoints.checkpoints(runId).map((known) => [known.step, known]));
    const best = nearest(files, histories.bestStep(runId));
    return files.map(({ step, bytes }) => ({
      step,
      bytes,
      checksum: told.get(step)?.checksum ?? null,
      writtenAt: told.get(step)?.time ?? null,
      ...histories.lossesAt(runId, step),
      best: step === best,
      adapterId: adapters.store.ofCheckpoint(runId, step)?.id ?? null,
    }));
  }

  /** Lets go of what the rule no longer keeps. */
  async prune(runId: string): Promise<void> {
    const files = await this.#files(runId);
    const { run: bytes } = byteLimits(await this.#freeBytes(), sum(files));
    for (const step of surplus(files, this.options.histories.bestStep(runId), { count: mostKept, bytes })) {
      await rm(this.options.paths.run(runId).kept(step), { force: true });
      await rm(this.options.paths.run(runId).keptAdapter(step), { force: true });
    }
    this.options.onChanged(runId);
  }

  /** Lets go of what the oldest finished runs keep, once all of them together keep too much. */
  async pruneAll(): Promise<void> {
    const done = this.options.runs.list().filter(({ state }) => state === "done");
    const sizes = await Promise.all(
      done.map(async ({ id }) => ({
        id,
        bytes: sum(await this.#files(id)),
      })),
    );
    const { all } = byteLimits(await this.#freeBytes(), sum(sizes));
    for (const id of oldestSurplus(sizes, all)) await this.drop(id);
  }

  /** On the disk of the data folder; no limit where that cannot be told. */
  async #freeBytes(): Promise<number> {
    return statfs(this.options.paths.runs).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => Number.POSITIVE_INFINITY,
    );
  }

  /** Lets go of all that a run keeps. One that is not done goes on from its newest checkpoint all the same. */
  async drop(runId: string): Promise<void> {
    const run = this.#run(runId);
    const { folder, keepFolder } = this.options.paths.run(runId);
    // The rows are of use only to a run that can go on, or be computed again.
    await rm(run.state === "done" ? folder : keepFolder, { recursive: true, force: true });
    this.options.onChanged(runId);
  }

  /** The adapter as it was at that step, as a file that the engine can open. Asked for twice, it is written once. */
  open(runId: string, step: number): Promise<OpenedCheckpoint> {
    const key = `${runId} ${step}`;
    const known = this.#opening.get(key);
    if (known) return known;
    const opening = this.#open(runId, step).finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    return opening;
  }

  /** Makes an adapter of it, which stays whatever becomes of the run. Asked for twice, it gives the same one. */
  async promote(runId: string, step: number, name: string | undefined): Promise<AdapterRecord> {
    const { adapters, paths, histories } = this.options;
    const run = this.#run(runId);
    const known = adapters.store.ofCheckpoint(runId, step);
    if (known) return adapters.record(known.id);
    const path = paths.adapter(newId());
    const base = await this.#base(run);
    await this.#write(run, step, base, path);
    const losses = histories.lossesAt(runId, step);
    const adapter = await adapters.register(run, base.digest, path, {
      name: name ?? `${run.name}, step ${step}`,
      step,
      losses: { train: losses.trainLoss, validation: losses.validationLoss },
    });
    this.options.onChanged(runId);
    return adapters.record(adapter.id);
  }

  async #open(runId: string, step: number): Promise<OpenedCheckpoint> {
    const path = this.options.paths.run(runId).keptAdapter(step);
    const run = this.#run(runId);
    if (!(await isFile(path))) {
      const base = await this.#base(run);
      await this.#write(run, step, base, path);
    }
    return { path, digest: await sha256OfFile(path), baseDigest: run.baseDigest };
  }

  async #write(run: StoredRun, step: number, base: Base, target: string): Promise<void> {
    const checkpoint = this.options.paths.run(run.id).kept(step);
    if (!(await isFile(checkpoint))) throw gone(run, step);
    const { model } = base;
    const metadata = adapterMetadata(run, base.digest, base.info);
    await this.options.engine.checkpoints.adapter({ model, recipe: run.recipe, checkpoint, target, metadata });
  }

  async #base(run: StoredRun): Promise<Base> {
    const { models, settings } = this.options;
    const { info } = await models.present(run.modelId);
    const baseDigest = await models.digest(run.modelId);
    if (run.baseDigest !== null && run.baseDigest !== baseDigest) {
      throw new HoneError(
        "adapter.base",
        `The model file "${info.path}" is not the one that the run "${run.name}" was trained on.`,
        "Put the earlier file back.",
      );
    }
    return { info, model: modelRef(info, settings.get()), digest: baseDigest };
  }

  async #files(runId: string): Promise<KeptFile[]> {
    const { keepFolder, kept } = this.options.paths.run(runId);
    const names = await readdir(keepFolder).catch(() => []);
    const found = await Promise.all(
      names.flatMap((name) => {
        const step = Number(/^(\d+)\.gguf$/.exec(name)?.[1] ?? Number.NaN);
        if (!Number.isSafeInteger(step)) return [];
        return stat(kept(step)).then(
          ({ size }) => ({ step, bytes: size }),
          () => null,
        );
      }),
    );
    return found.filter((file) => file !== null).sort((one, other) => one.step - other.step);
  }

  #run(id: string): StoredRun {
    const run = this.options.runs.get(id);
    if (!run) throw new HoneError("run.unknown", `There is no run with the id "${id}".`, "It may have been removed.");
    return run;
  }
}

function sum(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}

function gone(run: StoredRun, step: number): HoneError {
  return new HoneError(
    "checkpoint.gone",
    `The run "${run.name}" has no checkpoint of step ${step} any more.`,
    "Choose one of those that are listed.",
    { step },
  );
}
