import { settleRecipe } from "@main/engine/settle-recipe";
import type { OpenModels } from "@main/engine/worker/models";
import { randomRows, trialTraining } from "@main/engine/worker/trial";
import type { NativeStep } from "@shared/engine/addon";
import type { EngineContract } from "@shared/engine/protocol";
import type { Handlers } from "@shared/ipc/define";

type ProbeInput = Parameters<Handlers<EngineContract>["train"]["probe"]>[0];

/** More steps than any probe takes; it is stopped by time. */
const steps = 1_000;

/** Trains on random tokens for about so many seconds and throws the result away. The first step warms up and is not counted. */
export async function probeSpeed(
  models: OpenModels,
  { model: ref, recipe, rowTokens, seconds }: ProbeInput,
): Promise<{ tokensPerSecond: number }> {
  return models.use(ref, async ({ native }) => {
    const length = Math.max(8, Math.min(rowTokens, recipe.contextLength));
    // One part of a batch is as fast per token as all of them.
    const batchSize = Math.ceil(recipe.batchSize / Math.min(recipe.accumulation, recipe.batchSize));
    const deadline = performance.now() + 1000 * seconds;
    const taken = await trialTraining(
      native,
      settleRecipe({ ...recipe, batchSize, accumulation: 1 }, steps),
      randomRows(batchSize, length, native.info.vocabularySize),
      (done) => done.length > 1 && performance.now() >= deadline,
    );
    const counted = taken.length > 1 ? taken.slice(1) : taken;
    const sum = (of: (step: NativeStep) => number) => counted.reduce((total, step) => total + of(step), 0);
    const time = sum((step) => step.seconds);
    return { tokensPerSecond: time > 0 ? sum((step) => step.tokens) / time : 0 };
  });
}
