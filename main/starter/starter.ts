import type { Goal, Recipe } from "@shared/models/recipe";

/** Files of the starter, in the folder where this one lies. */
export const starterFiles = { model: "model.gguf", train: "train.jsonl", test: "test.jsonl" } as const;

/** What the dataset is for. */
export const starterGoal: Goal = "format";

/** The recipe that suits model and dataset: see recipe/README.md for how it was found and what it reaches. */
export const starterRecipe: Recipe = {
  rank: 16,
  alpha: 32,
  rankStabilised: false,
  dropout: 0,
  projections: ["q", "k", "v", "o", "gate", "up", "down"],
  learningRate: 2e-3,
  schedule: "cosine",
  warmup: 0.05,
  epochs: 4,
  maxSteps: null,
  batchSize: 16,
  accumulation: 1,
  contextLength: 256,
  packing: true,
  clipNorm: 1,
  weightDecay: 0,
  activationCheckpointing: false,
  validationShare: 0.05,
  validateEvery: 25,
  checkpointEvery: 50,
  sampleEvery: 100,
  seed: 1,
};
