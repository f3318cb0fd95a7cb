import type { RunHistories } from "@main/jobs/history";
import type { RunStore, StoredRun } from "@main/jobs/store";
import { now } from "@main/storage/id";
import { toErrorData } from "@shared/errors";
import type { HoneContract } from "@shared/ipc/contract";
import type { Emit } from "@shared/ipc/define";
import type { MetricPoint, RunLogLine, RunProgress, RunSample } from "@shared/models/run";

/** Pause between two writings, and so between two pieces of news: five a second. */
const intervalMs = 200;

export interface ReportServices {
  readonly store: RunStore;
  readonly histories: RunHistories;
  readonly emit: Emit<HoneContract>;
  /** Tells the window what the run looks like now. */
  readonly changed: (run: StoredRun) => void;
}

/** Gathers what a run tells and writes it in batches: the window hears of nothing that is not stored. */
export class RunReport {
  #metrics: MetricPoint[] = [];
  #samples: RunSample[] = [];
  #log: RunLogLine[] = [];
  #progress: RunProgress | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Of the run that goes on from a checkpoint: what it told after that checkpoint is told again. */
  #goesBack: boolean;
  /** Step from which on the stored history is to be forgotten with the next writing. */
  #forgetFrom: number | undefined;
  #complained = false;
  /** Seconds of work before this stretch; the engine counts each from 0. */
  #elapsedBefore = 0;

  constructor(
    private readonly runId: string,
    resumed: boolean,
    private readonly services: ReportServices,
  ) {
    this.#goesBack = resumed;
    if (resumed) this.#elapsedBefore = services.histories.elapsedBefore(runId, Number.MAX_SAFE_INTEGER);
  }

  progress(progress: RunProgress): void {
    this.#progress = { ...progress, elapsedSeconds: progress.elapsedSeconds + this.#elapsedBefore };
    this.#soon();
  }

  grew(growth: { metrics: readonly MetricPoint[]; samples: readonly RunSample[]; log: readonly RunLogLine[] }): void {
    const first = growth.metrics[0];
    if (this.#goesBack && first) {
      this.#goesBack = false;
      this.#forgetFrom = first.step;
      this.#elapsedBefore = this.services.histories.elapsedBefore(this.runId, first.step);
    }
    for (const point of growth.metrics) {
      this.#metrics.push({ ...point, elapsedSeconds: point.elapsedSeconds + this.#elapsedBefore });
    }
    this.#samples.push(...growth.samples);
    this.#log.push(...growth.log);
    this.#soon();
  }

  log(level: RunLogLine["level"], text: string): void {
    this.grew({ metrics: [], samples: [], log: [{ time: now(), level, text }] });
  }

  /** Writes and tells what has gathered, now. What cannot be written stays for the next try. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { histories, store, emit, changed } = this.services;
    const growth = { metrics: this.#metrics, samples: this.#samples, log: this.#log };
    if (growth.metrics.length + growth.samples.length + growth.log.length > 0) {
      histories.append(this.runId, growth, this.#forgetFrom);
      this.#forgetFrom = undefined;
      this.#metrics = [];
      this.#samples = [];
      this.#log = [];
      emit("runs", "grew", { id: this.runId, ...growth });
    }
    const progress = this.#progress;
    if (progress) {
      const run = store.update(this.runId, { progress });
      this.#progress = undefined;
      changed(run);
    }
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      try {
        this.flush();
      } catch (error) {
        // A full disk, mostly. The run goes on; its end will be in trouble if that lasts, and says so.
        if (!this.#complained) console.error("The progress of a run could not be stored:", toErrorData(error).message);
        this.#complained = true;
      }
    }, intervalMs);
  }
}
