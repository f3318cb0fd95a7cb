import type { NativeRecipe } from "@shared/engine/addon";
import type { Recipe } from "@shared/models/recipe";

/** Optimiser steps that a recipe takes over so many usable rows; at least one. */
export function stepsOf(recipe: Pick<Recipe, "epochs" | "batchSize" | "maxSteps">, rows: number): number {
  // Shares such as 0.1 + 0.2 must not cost a step.
  const steps = Math.max(1, Math.ceil((recipe.epochs * rows) / recipe.batchSize - 1e-9));
  return recipe.maxSteps === null ? steps : Math.min(steps, recipe.maxSteps);
}

/** Turns the shares of a recipe into steps. Parts of a batch never outnumber its examples. */
export function settleRecipe(recipe: Recipe, totalSteps: number): NativeRecipe {
  const {
    rank,
    alpha,
    rankStabilised,
    dropout,
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
    alpha,
    rankStabilised,
    dropout,
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
    accumulation: Math.min(recipe.accumulation, batchSize),
    totalSteps,
    warmupSteps: Math.min(totalSteps, Math.round(recipe.warmup * totalSteps)),
  };
}
