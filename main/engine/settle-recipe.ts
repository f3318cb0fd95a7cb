import type { NativeRecipe } from "@shared/engine/addon";
import type { Recipe } from "@shared/models/recipe";

/** Turns the shares of a recipe into steps. Parts of a batch never outnumber its examples. */
export function settleRecipe(recipe: Recipe, totalSteps: number): NativeRecipe {
  const {
    rank,
    ranks,
    alpha,
    rankStabilised,
    dropout,
    embeddingNoise,
    projections,
    learningRate,
    schedule,
    batchSize,
    contextLength,
    packing,
    clipNorm,
    weightDecay,
    activationCheckpointing,
    validateEvery,
    checkpointEvery,
    seed,
  } = recipe;
  return {
    rank,
    ranks,
    alpha,
    rankStabilised,
    dropout,
    embeddingNoise,
    projections,
    learningRate,
    schedule,
    batchSize,
    contextLength,
    packing,
    clipNorm,
    weightDecay,
    activationCheckpointing,
    validateEvery,
    checkpointEvery,
    seed,
    patience: recipe.patience ?? 0,
    accumulation: Math.min(recipe.accumulation, batchSize),
    totalSteps,
    warmupSteps: Math.min(totalSteps, Math.round(recipe.warmup * totalSteps)),
  };
}
