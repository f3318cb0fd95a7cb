import type { Recipe } from "@shared/models/recipe";

/** Optimiser steps of a run over so many training rows (those that teach something). At least 1. */
export function totalSteps(
  { epochs, batchSize, maxSteps }: Pick<Recipe, "epochs" | "batchSize" | "maxSteps">,
  rows: number,
): number {
  // 0.1 epochs of 30 rows are 3 rows, whatever floating point makes of it.
  const steps = Math.max(1, Math.ceil((epochs * rows) / batchSize - 1e-9));
  return maxSteps === null ? steps : Math.min(steps, maxSteps);
}
