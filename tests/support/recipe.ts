import type { Recipe } from "@shared/models/recipe";

/** A small valid recipe; a test says what it cares about. */
export function recipeWith(changes: Partial<Recipe> = {}): Recipe {
  return {
    rank: 4,
    alpha: 8,
    rankStabilised: false,
    dropout: 0,
    projections: ["q", "v"],
    learningRate: 1e-3,
    schedule: "constant",
    warmup: 0,
    epochs: 1,
    maxSteps: 20,
    batchSize: 2,
    accumulation: 1,
    contextLength: 64,
    packing: true,
    clipNorm: 1,
    weightDecay: 0,
    activationCheckpointing: true,
    validationShare: 0.1,
    validateEvery: 0,
    checkpointEvery: 5,
    sampleEvery: 0,
    seed: 1,
    ...changes,
  };
}
