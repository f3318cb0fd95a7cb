import { settleRecipe } from "@main/engine/settle-recipe";
import type { OpenModels } from "@main/engine/worker/models";
import { probeSpeed } from "@main/engine/worker/probe";
import { TrainingRun } from "@main/engine/worker/training";
import type { EngineContract } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import type { Emit, Handlers } from "@shared/ipc/define";

export interface Training {
  readonly handlers: Handlers<EngineContract>["train"];
  /** Brings the run at work to a checkpoint and ends it. */
  readonly rest: () => Promise<void>;
}

/** Training: one run at a time in one engine process. */
export function trainingOn(models: OpenModels, emit: Emit<EngineContract>): Training {
  let current: TrainingRun | null = null;
  const handlers: Training["handlers"] = {
    forecast: ({ model, recipe, totalSteps }) =>
      models.use(model, ({ native }) => native.forecast(settleRecipe(recipe, totalSteps))),
    probe: (input) => probeSpeed(models, input),
    start: (input) => {
      if (current)
        throw new HoneError(
          "train.busy",
          `The engine is already training run ${current.runId}.`,
          "Wait for its end, or stop it.",
        );
      const run = new TrainingRun(models, emit, input);
      current = run;
      run.ended.finally(() => {
        current = null;
      });
    },
    pace: ({ runId, duty }) => {
      if (current?.runId === runId) current.pace(duty);
    },
    stop: async ({ runId, how }) => {
      if (current?.runId === runId) await current.stop(how);
    },
  };
  return { handlers, rest: async () => current?.stop("checkpoint") };
}
