import type { Recipe } from "@shared/models/recipe";

/** Optimiser steps of a run over so many training rows (those that teach something). At least 1. */
export function totalSteps({ epochs, batchSize, maxSteps }: Pick<Recipe, "epochs" | "batchSize" | "maxSteps">, rows: number): number {
  const steps = Math.max(1, Math.ceil((epochs * rows) / batchSize));
  return maxSteps === null ? steps : Math.min(steps, maxSteps);
}
