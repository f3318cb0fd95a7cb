import { settleRecipe } from "@main/engine/settle-recipe";
import type { OpenModel, OpenModels } from "@main/engine/worker/models";
import { beginPeak, peakBytes } from "@main/engine/worker/peak-memory";
import { type LoadedRows, loadRows } from "@main/engine/worker/rows-file";
import { takeSamples } from "@main/engine/worker/samples";
import { TrainingNews } from "@main/engine/worker/training-news";
import type { NativeRows, NativeTraining } from "@shared/engine/addon";
import type { EngineContract, TrainInput } from "@shared/engine/protocol";
import { HoneError, toErrorData } from "@shared/errors";
import type { Emit } from "@shared/ipc/define";
import { totalSteps } from "@shared/models/steps";

type StopHow = "checkpoint" | "discard";

/** A run asked to stop before its training began. */
class Stopped extends Error {}

/** One training run from its data files to its adapter. Ends with exactly one "train.ended". */
export class TrainingRun {
  readonly runId: string;
  /** Settles when the run has ended, however it ended. */
  readonly ended: Promise<void>;
  readonly #input: TrainInput;
  readonly #news: TrainingNews;
  #stop: StopHow | null = null;
  #training: NativeTraining | null = null;
  #sampling: Promise<void> = Promise.resolve();
  #sampleWaits = false;
  #outOfTime = false;
  #duty: number;
  readonly #emit: Emit<EngineContract>;

  constructor(models: OpenModels, emit: Emit<EngineContract>, input: TrainInput) {
    this.runId = input.runId;
    this.#emit = emit;
    this.#input = input;
    this.#duty = input.duty;
    this.#news = new TrainingNews(emit, input.runId, 0, input.duty);
    this.ended = models
      .use(input.model, (model) => this.#train(model))
      .then(
        (end) => {
          this.#news.flush();
          emit("train", "ended", { runId: input.runId, end, error: null });
        },
        (error: unknown) => {
          if (!(error instanceof Stopped)) this.#news.log("error", toErrorData(error).message);
          this.#news.flush();
          emit(
            "train",
            "ended",
            error instanceof Stopped
              ? { runId: input.runId, end: "stopped", error: null }
              : { runId: input.runId, end: "failed", error: toErrorData(error) },
          );
        },
      );
  }

  /** Settles when the run has stopped; a later `discard` overrides an earlier `checkpoint`. */
  async stop(how: StopHow): Promise<void> {
    this.#stop = how;
    this.#training?.stop(how);
    await this.ended;
  }

  pace(duty: number): void {
    this.#duty = duty;
    this.#news.pace(duty);
    this.#training?.pace(duty);
  }

  async #train(model: OpenModel): Promise<"finished" | "stopped"> {
    this.#emit("train", "device", { runId: this.runId, device: model.device });
    if (model.device !== "cpu" || model.deviceNote)
      this.#news.log(
        model.device === "cpu" ? "warning" : "info",
        `Computed on ${model.device}. ${model.deviceNote}`.trim(),
      );
    const { recipe, metadata, checkpointPath, adapterPath, resume, keepFolder, lastStep } = this.#input;
    const train = await this.#load(model, this.#input.trainFile.path, "training");
    const validation = await this.#load(model, this.#input.validationFile.path, "validation");
    if (train.count === 0) throw nothingToLearn(train);
    const steps = totalSteps(recipe, train.count);
    const learned = train.rows.mask.reduce((sum, bit) => sum + bit, 0);
    this.#news.log(
      "info",
      `${train.count} rows with ${train.tokens} tokens, ${learned} of them learned; ${validation.count} rows for validation; ${steps} steps.`,
    );
    this.#checkStop();
    this.#news.phase("training", steps);
    const longest = Math.max(longestOf(train.rows), longestOf(validation.rows));
    const forecast = model.native.forecast(settleRecipe({ ...recipe, contextLength: Math.max(8, longest) }, steps));
    beginPeak();
    const training = model.native.train(
      {
        recipe: settleRecipe(recipe, steps),
        train: train.rows,
        validation: validation.rows,
        checkpointPath,
        resume,
        ...(keepFolder === undefined ? {} : { keepFolder }),
        ...(lastStep === undefined ? {} : { lastStep }),
        duty: this.#duty,
        adapterPath,
        metadata,
      },
      {
        onCheckpoint: (checkpoint) => this.#emit("train", "checkpoint", { runId: this.runId, ...checkpoint }),
        onResume: (resumed) => this.#emit("train", "resumed", { runId: this.runId, ...resumed }),
        onStep: (step) => {
          this.#news.step(step);
          this.#endInTime(training, step.step);
          // What a checkpoint holds is told before it, or the curve has a gap after a crash.
          if (recipe.checkpointEvery > 0 && step.step % recipe.checkpointEvery === 0) this.#news.flush();
          if (recipe.sampleEvery > 0 && step.step % recipe.sampleEvery === 0 && step.step < step.totalSteps)
            this.#sample(model, step.step);
        },
        onValidation: ({ step, loss, tokenAccuracy }) => {
          this.#news.validation(step, loss);
          this.#news.log(
            "info",
            `Step ${step}: validation loss ${loss.toFixed(4)}, ${(100 * tokenAccuracy).toFixed(1)} % of the tokens right.`,
          );
        },
        onLog: (level, text) => this.#news.log(level, text),
      },
    );
    this.#training = training;
    // Asked for while the training was being set up.
    if (this.#stop) training.stop(this.#stop);
    const { end, step } = await training.done;
    await this.#sampling;
    const [held, expected] = [peakBytes(), forecast.peakBytes].map((bytes) => Math.round(bytes / 1e6));
    this.#news.log("info", `At most ${held} MB of memory were held; the forecast was ${expected} MB.`);
    if (end === "finished") await this.#sampleFinished(model, step);
    return end;
  }

  async #load(model: OpenModel, path: string, what: string): Promise<LoadedRows> {
    this.#news.phase("preparing");
    const { contextLength } = this.#input.recipe;
    const loaded = await loadRows(model, path, {
      contextLength,
      learnAll: this.#input.learnAll,
      onRow: () => this.#checkStop(),
    });
    for (const warning of loaded.warnings) this.#news.log("warning", `${what} data: ${warning}`);
    if (loaded.cut > 0)
      this.#news.log("warning", `${loaded.cut} ${what} rows are longer than ${contextLength} tokens and were cut.`);
    for (const { count, example } of loaded.problems.values()) {
      this.#news.log("warning", `${count} ${what} rows are left out; for example ${example}`);
    }
    return loaded;
  }

  /** A time limit is a choice of the person, not of the data: where it falls depends on the machine. */
  #endInTime(training: NativeTraining, step: number): void {
    const { recipe, secondsBefore } = this.#input;
    if (this.#outOfTime || recipe.maxMinutes == null) return;
    if (secondsBefore + this.#news.elapsedSeconds < 60 * recipe.maxMinutes) return;
    this.#outOfTime = true;
    this.#news.log("info", `The time limit of ${recipe.maxMinutes} minutes ended the run after step ${step}.`);
    training.stop("finish");
  }

  #checkStop(): void {
    if (this.#stop) throw new Stopped();
  }

  /** Samples never pile up: while one is being taken, or waits for its turn, further ones are left out. */
  #sample(model: OpenModel, step: number): void {
    const training = this.#training;
    if (!training || this.#sampleWaits || this.#input.samplePrompts.length === 0) return;
    this.#sampleWaits = true;
    this.#sampling = this.#takeSamples(model, step, () => training.sampleAdapter()).finally(() => {
      this.#sampleWaits = false;
    });
  }

  async #sampleFinished(model: OpenModel, step: number): Promise<void> {
    if (this.#input.samplePrompts.length === 0) return;
    await this.#takeSamples(model, step, () => model.native.openAdapter(this.#input.adapterPath));
  }

  /** A sample that fails is news for the log, not the end of the run. */
  async #takeSamples(model: OpenModel, step: number, adapter: Parameters<typeof takeSamples>[1]): Promise<void> {
    this.#news.phase("sampling");
    try {
      await takeSamples(model, adapter, this.#input, step, {
        onSample: (sample) => this.#news.sample(sample),
        stopped: () => this.#stop !== null,
      });
    } catch (error) {
      if (!this.#stop) this.#news.log("warning", `Step ${step}: no sample answers: ${toErrorData(error).message}`);
    }
    this.#news.phase("training");
  }
}

function longestOf({ offsets }: NativeRows): number {
  return offsets.reduce((longest, end, row) => Math.max(longest, end - (offsets[row - 1] ?? end)), 0);
}

function nothingToLearn({ problems }: LoadedRows): HoneError {
  const [first] = [...problems.values()].sort((left, right) => right.count - left.count);
  return new HoneError(
    "data.nothing-to-learn",
    first
      ? `No row of the training data can be used: ${first.count} rows for this reason: ${first.example}`
      : "The training data has no rows.",
    first ? "See the dataset's preview with this model for all reasons." : "Choose a dataset with rows.",
  );
}
