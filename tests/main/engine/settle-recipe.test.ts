import { settleRecipe } from "@main/engine/settle-recipe";
import type { Recipe } from "@shared/models/recipe";
import { describe, expect, it } from "vitest";

const recipe: Recipe = {
  rank: 8,
  alpha: 16,
  rankStabilised: false,
  dropout: 0,
  projections: ["q", "v"],
  learningRate: 1e-3,
  schedule: "cosine",
  warmup: 0.1,
  epochs: 2,
  maxSteps: null,
  batchSize: 8,
  accumulation: 2,
  contextLength: 256,
  packing: true,
  clipNorm: 1,
  weightDecay: 0,
  activationCheckpointing: false,
  validationShare: 0.1,
  validateEvery: 50,
  checkpointEvery: 100,
  sampleEvery: 50,
  seed: 3,
};

describe("a settled recipe", () => {
  it("has its warm-up in steps", () => {
    expect(settleRecipe(recipe, 250)).toMatchObject({
      totalSteps: 250,
      warmupSteps: 25,
      validateEvery: 50,
      checkpointEvery: 100,
    });
  });

  it("never warms up longer than it runs", () => {
    expect(settleRecipe({ ...recipe, warmup: 0.5 }, 1).warmupSteps).toBeLessThanOrEqual(1);
  });

  it("never has more parts than examples in a batch", () => {
    expect(settleRecipe({ ...recipe, batchSize: 3, accumulation: 8 }, 10)).toMatchObject({
      batchSize: 3,
      accumulation: 3,
    });
  });

  it("keeps the ranks of single matrices and the noise on embeddings", () => {
    const changes = { ranks: { q: 16 }, embeddingNoise: 5 };
    expect(settleRecipe({ ...recipe, ...changes }, 10)).toMatchObject(changes);
  });

  it("holds nothing that the engine does not know", () => {
    expect(settleRecipe(recipe, 10)).not.toHaveProperty("epochs");
    expect(settleRecipe(recipe, 10)).not.toHaveProperty("warmup");
  });
});
