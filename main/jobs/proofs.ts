import { copyFile, mkdir, rm } from "node:fs/promises";
import type { EngineClient } from "@main/engine/client";
import { adapterMetadata } from "@main/jobs/adapter-metadata";
import type { CheckpointShelf } from "@main/jobs/checkpoint-shelf";
import type { CheckpointStore } from "@main/jobs/checkpoint-store";
import type { RunQueue } from "@main/jobs/queue";
import { onDevice } from "@main/jobs/run-device";
import type { RunStore, StoredRun } from "@main/jobs/store";
import type { ModelLibrary } from "@main/models/library";
import { modelRef } from "@main/models/model-ref";
import type { SettingsStore } from "@main/settings/settings";
import { isFile, sha256OfFile } from "@main/storage/files";
import { newId, now } from "@main/storage/id";
import type { DataPaths } from "@main/storage/paths";
import { fromErrorData, HoneError, toErrorData } from "@shared/errors";
import type { RunProof } from "@shared/models/checkpoint";

export interface ProofOptions {
  /** The one that trains: nothing else may use it meanwhile. */
  readonly engine: EngineClient;
  readonly queue: RunQueue;
  readonly runs: RunStore;
  readonly checkpoints: CheckpointStore;
  readonly shelf: CheckpointShelf;
  readonly models: ModelLibrary;
  readonly settings: SettingsStore;
  readonly paths: DataPaths;
  readonly onChanged: (runId: string) => void;
}

/** Computes the end of a run once more, from one of its checkpoints, and compares the adapters bit for bit. */
export class Proofs {
  readonly #working = new Map<string, NonNullable<RunProof["working"]>>();
  readonly #errors = new Map<string, NonNullable<RunProof["error"]>>();

  constructor(private readonly options: ProofOptions) {}

  async of(runId: string): Promise<RunProof> {
    const { checkpoints } = this.options;
    const run = this.#run(runId);
    return {
      resumes: checkpoints.resumes(runId),
      checkpoints: checkpoints.checkpoints(runId).length,
      digest: run.adapterDigest,
      results: checkpoints.proofs(runId),
      working: this.#working.get(runId) ?? null,
      whyNot: await this.#whyNot(run),
      error: this.#errors.get(runId) ?? null,
    };
  }

  /** Begins, or waits for the run at work to end; the result comes with `of`. Without `step` from the checkpoint of its last resume. */
  async begin(runId: string, step?: number): Promise<RunProof> {
    const run = this.#run(runId);
    if (this.#working.has(runId)) return this.of(runId);
    const whyNot = await this.#whyNot(run);
    if (whyNot !== null) throw new HoneError("proof.impossible", whyNot);
    const { step: toStep = 0 } = run.progress ?? {};
    const steps = (await this.options.shelf.list(runId)).map((kept) => kept.step).filter((kept) => kept < toStep);
    const from = step ?? this.#usualStep(run, steps);
    if (!steps.includes(from)) throw notKept(run, from);
    this.#errors.delete(runId);
    this.#tell(runId, { waiting: true, fromStep: from, step: from, toStep });
    this.options.queue
      .alone((signal) => this.#prove(run, from, toStep, signal))
      .catch((error: unknown) => {
        const { code, message, hint } = toErrorData(error);
        this.#errors.set(runId, { code, message, hint });
      })
      .finally(() => {
        this.#working.delete(runId);
        this.options.onChanged(runId);
      });
    return this.of(runId);
  }

  /** From where the run last went on, when that is kept; else from its middle: the half that is left shows as much. */
  #usualStep(run: StoredRun, steps: readonly number[]): number {
    const resumed = this.options.checkpoints.resumes(run.id).findLast(({ step }) => steps.includes(step));
    return resumed?.step ?? steps[Math.floor((steps.length - 1) / 2)] ?? 0;
  }

  async #prove(run: StoredRun, fromStep: number, toStep: number, signal: AbortSignal): Promise<void> {
    const { models, settings, paths, checkpoints } = this.options;
    const begun = performance.now();
    const files = paths.run(run.id);
    const { info } = await models.present(run.modelId);
    const baseDigest = await models.digest(run.modelId);
    if (run.baseDigest !== baseDigest) throw otherModel(info.path);
    const checkpoint = `${files.proof}/checkpoint.gguf`;
    const adapterPath = `${files.proof}/adapter.gguf`;
    try {
      await rm(files.proof, { recursive: true, force: true });
      await mkdir(files.proof, { recursive: true });
      if (!(await isFile(files.kept(fromStep)))) throw notKept(run, fromStep);
      await copyFile(files.kept(fromStep), checkpoint);
      const checksum = await this.#train(
        {
          runId: newId(),
          model: modelRef(info, onDevice(run, settings.get())),
          // A limit of time would fall elsewhere now; the step at which it fell is known.
          recipe: { ...run.recipe, maxMinutes: null, sampleEvery: 0, checkpointEvery: 0 },
          trainFile: { path: files.train },
          validationFile: { path: files.validation },
          learnAll: run.learnAll,
          checkpointPath: checkpoint,
          resume: true,
          lastStep: toStep,
          duty: 1,
          secondsBefore: 0,
          adapterPath,
          metadata: adapterMetadata(run, baseDigest, info),
          samplePrompts: [],
        },
        (step) => this.#tell(run.id, { waiting: false, fromStep, step, toStep }),
        signal,
      );
      checkpoints.proved(run.id, {
        time: now(),
        fromStep,
        toStep,
        checksum,
        expected: run.adapterDigest ?? "",
        found: await sha256OfFile(adapterPath),
        seconds: (performance.now() - begun) / 1000,
      });
    } finally {
      await rm(files.proof, { recursive: true, force: true });
    }
  }

  /** Resolves with the checksum of the checkpoint that it went on from. */
  #train(
    input: Parameters<EngineClient["train"]["start"]>[0],
    onStep: (step: number) => void,
    signal: AbortSignal,
  ): Promise<string> {
    const { train } = this.options.engine;
    const mine = (news: { runId: string }) => news.runId === input.runId;
    return new Promise((resolve, reject) => {
      let checksum = "";
      let isDamaged = false;
      const abort = () => void train.stop({ runId: input.runId, how: "discard" }).catch(() => undefined);
      const leave = (settle: () => void) => {
        for (const end of ends) end();
        signal.removeEventListener("abort", abort);
        settle();
      };
      const ends = [
        train.progress((news) => mine(news) && onStep(news.progress.step)),
        train.resumed((news) => {
          if (!mine(news)) return;
          if (news.from === "newest") checksum = news.checksum;
          else {
            isDamaged = true;
            abort();
          }
        }),
        train.ended((news) => {
          if (!mine(news)) return;
          leave(() => {
            if (isDamaged) reject(damaged());
            else if (news.error) reject(fromErrorData(news.error));
            else if (news.end !== "finished") reject(new HoneError("proof.stopped", "The repetition was stopped."));
            else resolve(checksum);
          });
        }),
      ];
      signal.addEventListener("abort", abort);
      train.start(input).catch((error: unknown) => leave(() => reject(error)));
      if (signal.aborted) abort();
    });
  }

  async #whyNot(run: StoredRun): Promise<string | null> {
    const { paths, shelf } = this.options;
    const files = paths.run(run.id);
    if (run.state !== "done" || run.adapterDigest === null) {
      return run.state === "done"
        ? "The run is from a version of Hone that did not note what its adapter was."
        : "Only a run that has come to its end can be computed again.";
    }
    if (!(await isFile(files.train)) || !(await isFile(files.validation)))
      return "The rows that the run was trained on are no longer kept.";
    const toStep = run.progress?.step ?? 0;
    const kept = await shelf.list(run.id);
    return kept.some(({ step }) => step < toStep) ? null : "No checkpoint from before its end is kept.";
  }

  #tell(runId: string, working: NonNullable<RunProof["working"]>): void {
    this.#working.set(runId, working);
    this.options.onChanged(runId);
  }

  #run(id: string): StoredRun {
    const run = this.options.runs.get(id);
    if (!run) throw new HoneError("run.unknown", `There is no run with the id "${id}".`, "It may have been removed.");
    return run;
  }
}

function notKept(run: StoredRun, step: number): HoneError {
  return new HoneError(
    "checkpoint.gone",
    `The run "${run.name}" has no checkpoint of step ${step} from which it could go on.`,
    "Choose one of those that are listed.",
    { step },
  );
}

function damaged(): HoneError {
  return new HoneError(
    "checkpoint.damaged",
    "The checkpoint is damaged: its content does not match its checksum.",
    "Choose another one.",
  );
}

function otherModel(path: string): HoneError {
  return new HoneError(
    "run.model-changed",
    `The model file "${path}" has changed since this run.`,
    "Put the earlier file back.",
    { path },
  );
}
