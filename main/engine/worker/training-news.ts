import type { NativeStep } from "@shared/engine/addon";
import type { EngineContract } from "@shared/engine/protocol";
import type { Emit } from "@shared/ipc/define";
import type { MetricPoint, RunLogLine, RunProgress, RunSample } from "@shared/models/run";

/** A few times a second is enough for eyes, and never a burden for the window. */
const tellEveryMs = 200;
/** Weight of the newest step in the smoothed time per step. */
const newest = 0.1;

/** Collects what happens in a run and tells it at most every `tellEveryMs`, in order. */
export class TrainingNews {
  readonly #emit: Emit<EngineContract>;
  readonly #runId: string;
  readonly #begin = performance.now();
  #progress: RunProgress;
  #changed = false;
  #metrics: MetricPoint[] = [];
  #samples: RunSample[] = [];
  #log: RunLogLine[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Smoothed seconds and tokens of a step; null before the first. */
  #pace: { readonly seconds: number; readonly tokens: number } | null = null;

  /** Share of the time that is computed in: the rest of a run takes that much longer. */
  #duty: number;

  constructor(emit: Emit<EngineContract>, runId: string, totalSteps: number, duty: number) {
    this.#emit = emit;
    this.#duty = duty;
    this.#runId = runId;
    this.#progress = {
      step: 0,
      totalSteps,
      phase: "preparing",
      trainLoss: null,
      validationLoss: null,
      tokensPerSecond: 0,
      memoryBytes: 0,
      elapsedSeconds: 0,
      remainingSeconds: null,
    };
  }

  phase(phase: RunProgress["phase"], totalSteps = this.#progress.totalSteps): void {
    this.#update({ phase, totalSteps });
  }

  pace(duty: number): void {
    this.#duty = duty;
  }

  step(step: NativeStep): void {
    this.#pace = this.#pace
      ? {
          seconds: this.#pace.seconds + newest * (step.seconds - this.#pace.seconds),
          tokens: this.#pace.tokens + newest * (step.tokens - this.#pace.tokens),
        }
      : { seconds: step.seconds, tokens: step.tokens };
    const { seconds, tokens } = this.#pace;
    this.#metrics.push({
      step: step.step,
      trainLoss: step.loss,
      validationLoss: null,
      learningRate: step.learningRate,
      gradientNorm: step.gradientNorm,
      tokens: step.tokens,
      tokensPerSecond: step.seconds > 0 ? step.tokens / step.seconds : 0,
      memoryBytes: step.memoryBytes,
      elapsedSeconds: this.elapsedSeconds,
    });
    this.#update({
      phase: "training",
      step: step.step,
      totalSteps: step.totalSteps,
      trainLoss: step.loss,
      tokensPerSecond: seconds > 0 ? tokens / seconds : 0,
      memoryBytes: step.memoryBytes,
      remainingSeconds: ((step.totalSteps - step.step) * seconds) / this.#duty,
    });
  }

  /** Joins the point of its step where that is still waiting, else comes as a point of its own that repeats the step's facts. */
  validation(step: number, loss: number): void {
    const index = this.#metrics.findLastIndex((point) => point.step === step);
    const known = this.#metrics[index] ?? this.#lastPoint;
    if (index >= 0 && known) this.#metrics[index] = { ...known, validationLoss: loss };
    else if (known) this.#metrics.push({ ...known, step, validationLoss: loss });
    this.#update({ validationLoss: loss });
  }

  sample(sample: RunSample): void {
    this.#samples.push(sample);
    this.#schedule();
  }

  log(level: RunLogLine["level"], text: string): void {
    this.#log.push({ time: new Date().toISOString(), level, text });
    this.#schedule();
  }

  /** Tells everything that waits, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#metrics.length + this.#samples.length + this.#log.length > 0) {
      this.#emit("train", "grew", {
        runId: this.#runId,
        metrics: this.#metrics,
        samples: this.#samples,
        log: this.#log,
      });
      this.#lastPoint = this.#metrics.at(-1) ?? this.#lastPoint;
      this.#metrics = [];
      this.#samples = [];
      this.#log = [];
    }
    if (this.#changed) {
      this.#changed = false;
      this.#emit("train", "progress", {
        runId: this.#runId,
        progress: { ...this.#progress, elapsedSeconds: this.elapsedSeconds },
      });
    }
  }

  #lastPoint: MetricPoint | undefined;

  #update(change: Partial<RunProgress>): void {
    this.#progress = { ...this.#progress, ...change };
    this.#changed = true;
    this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.flush(), tellEveryMs);
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.#begin) / 1000;
  }
}
