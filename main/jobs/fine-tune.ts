import type { AdapterLibrary } from "@main/adapters/library";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import { adapterMetadata } from "@main/jobs/adapter-metadata";
import type { CheckpointShelf } from "@main/jobs/checkpoint-shelf";
import type { CheckpointStore } from "@main/jobs/checkpoint-store";
import type { RunHistories } from "@main/jobs/history";
import { dutyOf, paced } from "@main/jobs/pace";
import { prepareRows, samplePrompts } from "@main/jobs/prepare";
import type { RunReport } from "@main/jobs/report";
import { onDevice } from "@main/jobs/run-device";
import type { RunStore, StoredRun } from "@main/jobs/store";
import type { ModelLibrary } from "@main/models/library";
import { modelRef } from "@main/models/model-ref";
import type { SettingsStore } from "@main/settings/settings";
import { withFileErrors } from "@main/storage/file-error";
import { isFile } from "@main/storage/files";
import type { DataPaths } from "@main/storage/paths";
import type { TrainInput } from "@shared/engine/protocol";
import { type ErrorData, HoneError, toErrorData } from "@shared/errors";
import type { RunResume } from "@shared/models/checkpoint";

export interface FineTuneServices {
  readonly engine: EngineClient;
  readonly models: ModelLibrary;
  readonly datasets: DatasetLibrary;
  readonly adapters: AdapterLibrary;
  readonly settings: SettingsStore;
  readonly store: RunStore;
  readonly histories: RunHistories;
  readonly checkpoints: CheckpointStore;
  readonly shelf: CheckpointShelf;
  readonly paths: DataPaths;
}

export type FineTuneEnd =
  | { readonly end: "finished"; readonly adapterId: string; readonly digest: string }
  | { readonly end: "stopped" }
  /** `told`: the engine has already put the error into the log. */
  | { readonly end: "failed"; readonly error: ErrorData; readonly told: boolean };

/** Longer than a report waits with the losses that decide which checkpoint is the best. */
const pruneAfterMs = 400;

type StopHow = "checkpoint" | "discard";

/** One stretch of a run: from its start, or its checkpoint, until it is finished, stopped or lost. */
export class FineTune {
  #stop: StopHow | undefined;
  #training = false;
  #pruning: NodeJS.Timeout | undefined;

  constructor(
    private readonly run: StoredRun,
    private readonly report: RunReport,
    private readonly services: FineTuneServices,
  ) {}

  /** Never rejects. */
  async work(): Promise<FineTuneEnd> {
    try {
      const { input, baseDigest } = await this.#prepare();
      if (this.#stop) return { end: "stopped" };
      this.report.log("info", input.resume ? "Going on from the last checkpoint." : "Training begins.");
      const end = await this.#train(input).finally(() => clearTimeout(this.#pruning));
      if (end.end === "failed") {
        const error = end.error ?? unexplained;
        // A process that is gone had no chance to say why.
        return { end: "failed", error, told: end.error !== null && !error.code.startsWith("engine.") };
      }
      if (end.end === "stopped") return { end: "stopped" };
      // The adapter's card takes its losses from what is stored.
      this.report.flush();
      await this.#prune();
      const adapter = await this.services.adapters.registerTrained(this.run, baseDigest, input.adapterPath);
      this.report.log("info", `Finished. The adapter is kept as "${adapter.name}" (${adapter.digest.slice(0, 8)}).`);
      return { end: "finished", adapterId: adapter.id, digest: adapter.digest };
    } catch (error) {
      return { end: "failed", error: toErrorData(error), told: false };
    }
  }

  /** The end comes through `work`; a run that is already at its end finishes. */
  stop(how: StopHow): void {
    this.#stop = how;
    if (this.#training) this.#stopEngine(how);
  }

  /** Share of the time to compute in from now on. */
  pace(duty: number): void {
    // A run that is not at work yet takes it up when it begins.
    this.services.engine.train.pace({ runId: this.run.id, duty }).catch(() => undefined);
  }

  async #prepare(): Promise<{ input: TrainInput; baseDigest: string }> {
    const { models, datasets, settings, store, paths } = this.services;
    const { id, recipe, datasetId } = this.run;
    this.report.progress({
      step: this.run.progress?.step ?? 0,
      totalSteps: this.run.progress?.totalSteps ?? 0,
      phase: "preparing",
      trainLoss: null,
      validationLoss: null,
      tokensPerSecond: 0,
      memoryBytes: 0,
      elapsedSeconds: 0,
      remainingSeconds: null,
    });
    const { info } = await models.present(this.run.modelId);
    const baseDigest = await models.digest(this.run.modelId);
    if (this.run.baseDigest === null) store.update(id, { baseDigest });
    else if (this.run.baseDigest !== baseDigest) throw modelChanged(info.path);

    const files = paths.run(id);
    const dataset = datasets.find(datasetId);
    await withFileErrors("prepare the rows in", files.folder, async () => {
      if (dataset) await prepareRows(files, datasets.files(datasetId).conversations, dataset.rows, recipe);
      else if (!(await isFile(files.train))) datasets.get(datasetId);
    });
    const input: TrainInput = {
      runId: id,
      model: modelRef(info, onDevice(this.run, paced(settings.get()))),
      recipe,
      trainFile: { path: files.train },
      validationFile: { path: files.validation },
      learnAll: this.run.learnAll,
      checkpointPath: files.checkpoint,
      resume: (await isFile(files.checkpoint)) || (await isFile(files.previousCheckpoint)),
      keepFolder: files.keepFolder,
      duty: dutyOf(settings.get()),
      secondsBefore: this.services.histories.elapsedBefore(id, Number.MAX_SAFE_INTEGER),
      adapterPath: paths.adapter(id),
      metadata: adapterMetadata(this.run, baseDigest, info),
      samplePrompts: this.run.learnAll ? [] : await samplePrompts(files),
    };
    return { input, baseDigest };
  }

  #train(input: TrainInput): Promise<{ end: "finished" | "stopped" | "failed"; error: ErrorData | null }> {
    const { train } = this.services.engine;
    const mine = (news: { runId: string }) => news.runId === this.run.id;
    return new Promise((resolve, reject) => {
      const ends = [
        train.device(
          (news) => mine(news) && this.#note(() => this.services.store.update(this.run.id, { device: news.device })),
        ),
        train.progress((news) => mine(news) && this.report.progress(news.progress)),
        train.grew((news) => mine(news) && this.report.grew(news)),
        train.checkpoint((news) => mine(news) && this.#keep(news)),
        train.resumed((news) => mine(news) && this.#resumed(news)),
        train.ended((news) => mine(news) && leave(() => resolve(news))),
      ];
      const leave = (settle: () => void) => {
        this.#training = false;
        for (const end of ends) end();
        settle();
      };
      this.#training = true;
      train.start(input).catch((error: unknown) => leave(() => reject(error)));
      if (this.#stop) this.#stopEngine(this.#stop);
    });
  }

  #keep({ step, checksum, kept }: { step: number; checksum: string; kept: boolean }): void {
    this.#note(() => this.services.checkpoints.written(this.run.id, step, checksum));
    if (kept) this.#pruning ??= setTimeout(() => void this.#prune(), pruneAfterMs);
  }

  /** A file that cannot be removed now is tried again with the next checkpoint. */
  async #prune(): Promise<void> {
    clearTimeout(this.#pruning);
    this.#pruning = undefined;
    await this.services.shelf.prune(this.run.id).catch(() => undefined);
  }

  #resumed({ step, from, checksum }: { step: number; from: RunResume["from"]; checksum: string }): void {
    this.#note(() =>
      this.services.checkpoints.resumed(this.run.id, { step, from, checksum: from === "start" ? null : checksum }),
    );
  }

  /** A full disk costs the note, not the run. */
  #note(write: () => void): void {
    try {
      write();
    } catch (error) {
      console.error("What a run told about its checkpoints could not be stored:", toErrorData(error).message);
    }
  }

  #stopEngine(how: StopHow): void {
    // When the engine is lost meanwhile, the run's end says so.
    this.services.engine.train.stop({ runId: this.run.id, how }).catch(() => undefined);
  }
}

const unexplained: ErrorData = {
  code: "engine.failed",
  message: "Training failed without a reason.",
  hint: "Look into the log of the run.",
};

function modelChanged(path: string): HoneError {
  return new HoneError(
    "run.model-changed",
    `The model file "${path}" has changed since this run began.`,
    "Put the earlier file back, or start a new run with the file as it is now.",
    { path },
  );
}
