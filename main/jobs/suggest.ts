import type { ModelInfo } from "@shared/models/model";
import { projections } from "@shared/models/model";
import type { Goal, Recipe } from "@shared/models/recipe";
import { totalSteps } from "@shared/models/steps";

export interface SuggestFacts {
  readonly goal: Goal;
  readonly rows: number;
  /** Longest row in tokens, nothing cut. */
  readonly longestRow: number;
  readonly model: Pick<ModelInfo, "contextLength">;
}

/** What each goal is made of; the rest follows from the data. */
const goalValues: Readonly<Record<Goal, Pick<Recipe, "rank" | "alpha" | "learningRate" | "epochs" | "dropout">>> = {
  /** Exact output: all projections, a few passes, enough rank to change what comes first. */
  format: { rank: 16, alpha: 32, learningRate: 2e-4, epochs: 3, dropout: 0 },
  /** A manner of speaking is little to learn, and easily overdone. */
  style: { rank: 8, alpha: 16, learningRate: 1e-4, epochs: 2, dropout: 0.05 },
  /** Facts need room and repetition, in small steps. */
  knowledge: { rank: 32, alpha: 64, learningRate: 1e-4, epochs: 5, dropout: 0 },
  /** Enough to see the loss fall. */
  try: { rank: 8, alpha: 16, learningRate: 2e-4, epochs: 1, dropout: 0 },
};

const stepsOfTry = 30;
const longestContext = 2048;
const mostValidationRows = 200;

/** A starting recipe for a goal. Memory is not looked at here. */
export function suggestRecipe({ goal, rows, longestRow, model }: SuggestFacts): Recipe {
  const batchSize = rows < 64 ? 2 : rows < 512 ? 4 : rows < 4096 ? 8 : 16;
  const validationShare = rows < 10 ? 0 : Math.min(0.1, Math.round((mostValidationRows / rows) * 1000) / 1000);
  const recipe: Recipe = {
    ...goalValues[goal],
    rankStabilised: false,
    projections: [...projections],
    schedule: "cosine",
    warmup: 0.05,
    maxSteps: goal === "try" ? stepsOfTry : null,
    batchSize,
    accumulation: 1,
    contextLength: Math.min(model.contextLength, longestContext, Math.max(64, Math.ceil((longestRow + 1) / 32) * 32)),
    packing: true,
    clipNorm: 1,
    weightDecay: 0,
    activationCheckpointing: true,
    validationShare,
    validateEvery: 0,
    checkpointEvery: 0,
    sampleEvery: 0,
    seed: 1,
  };
  return withIntervals(recipe, rows);
}

/** About ten validations and checkpoints, and five rounds of samples, over the whole run. */
function withIntervals(recipe: Recipe, rows: number): Recipe {
  const steps = totalSteps(recipe, rows * (1 - recipe.validationShare));
  return {
    ...recipe,
    validateEvery: Math.max(5, Math.round(steps / 10)),
    checkpointEvery: Math.max(5, Math.min(100, Math.round(steps / 10))),
    sampleEvery: Math.max(5, Math.round(steps / 5)),
  };
}
