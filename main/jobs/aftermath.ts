import type { AdapterLibrary } from "@main/adapters/library";
import type { Scoring } from "@main/adapters/score";
import type { RunQueue } from "@main/jobs/queue";
import type { Sweeps } from "@main/jobs/sweeps";
import type { SettingsStore } from "@main/settings/settings";
import { toErrorData } from "@shared/errors";
import type { RunEnding, RunRecord } from "@shared/models/run";
import { describeEnding } from "@shared/models/run-ending";

export interface AftermathServices {
  readonly queue: Pick<RunQueue, "alone">;
  readonly scoring: Scoring;
  readonly adapters: AdapterLibrary;
  readonly settings: SettingsStore;
  readonly sweeps: Pick<Sweeps, "endingOf">;
  readonly announce: (ending: RunEnding) => void;
}

/** Held-out rows that a finished run is measured on by itself: enough to see whether it helped, soon enough to wait for. */
const fewRows = 50;
/** Nothing is wrong then: there is nothing to measure on. */
const unmeasurable = new Set(["score.no-rows", "dataset.unknown"]);
/** Hone is being left, and nothing can be looked up or told any more. */
const leaving = new Set(["queue.closed", "engine.closed"]);

/** What happens when a run has ended: it is measured before the next one begins, and the person is told. */
export class Aftermath {
  constructor(private readonly services: AftermathServices) {}

  async of(run: RunRecord): Promise<void> {
    const { settings, adapters, sweeps, announce } = this.services;
    if (run.sweepId !== null) {
      // There the validation loss decides, and one note at its end is enough.
      const ending = sweeps.endingOf(run.sweepId);
      if (ending) announce(ending);
      return;
    }
    const measured = run.adapterId !== null && settings.get().measureAfterRun;
    if (measured && run.adapterId && !(await this.#measure(run.adapterId))) return;
    const adapter = run.adapterId ? adapters.store.get(run.adapterId) : undefined;
    announce(describeEnding(run, adapter));
  }

  /** False when Hone was left meanwhile. */
  async #measure(adapterId: string): Promise<boolean> {
    const { queue, scoring } = this.services;
    try {
      await queue.alone(() => scoring.score(adapterId, fewRows));
    } catch (error) {
      const { code, message } = toErrorData(error);
      if (leaving.has(code)) return false;
      if (!unmeasurable.has(code)) console.error("A finished run could not be measured:", message);
    }
    return true;
  }
}
