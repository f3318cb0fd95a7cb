import { settleRecipe } from "@main/engine/settle-recipe";
import type { OpenModels } from "@main/engine/worker/models";
import { probeSpeed } from "@main/engine/worker/probe";
import { TrainingRun } from "@main/engine/worker/training";
import type { EngineContract } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import type { Emit, Handlers } from "@shared/ipc/define";

/** Training: one run at a time in one engine process. */
export function trainHandlers(models: OpenModels, emit: Emit<EngineContract>): Handlers<EngineContract>["train"] {
  let current: TrainingRun | null = null;
  return {
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
    stop: async ({ runId, how }) => {
      if (current?.runId === runId) await current.stop(how);
    },
  };
}
