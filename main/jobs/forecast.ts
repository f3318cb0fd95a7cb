import { validationRows } from "@main/datasets/split";
import type { DatasetMeasure } from "@shared/models/dataset";
import type { ModelInfo } from "@shared/models/model";
import type { Forecast, Recipe } from "@shared/models/recipe";
import { totalSteps } from "@shared/models/steps";

export interface ForecastFacts {
  readonly model: ModelInfo;
  readonly recipe: Recipe;
  readonly measure: DatasetMeasure;
  readonly peakBytes: number;
  readonly trainableParameters: number;
  readonly availableBytes: number;
  /** Measured; null when no probe was asked for. */
  readonly tokensPerSecond: number | null;
}

/** Steps of the run; rows without anything to learn are left out by the engine host. */
export function stepsOf(recipe: Recipe, measure: Pick<DatasetMeasure, "rows" | "rowsWithoutTarget">): number {
  return totalSteps(recipe, trainingRows(recipe, measure));
}

function trainingRows(
  recipe: Recipe,
  { rows, rowsWithoutTarget }: Pick<DatasetMeasure, "rows" | "rowsWithoutTarget">,
): number {
  return Math.max(0, rows - validationRows(rows, recipe.validationShare) - rowsWithoutTarget);
}

/** What a run will cost and whether it makes sense, in words. */
export function forecastRun(facts: ForecastFacts): Forecast {
  const { recipe, measure, tokensPerSecond } = facts;
  const steps = stepsOf(recipe, measure);
  const tokensPerStep = Math.round(
    (measure.tokens / Math.max(1, measure.rows)) * Math.min(recipe.batchSize, Math.max(1, measure.rows)),
  );
  const totalTokens = steps * tokensPerStep;
  return {
    steps,
    tokensPerStep,
    totalTokens,
    trainableParameters: facts.trainableParameters,
    peakBytes: facts.peakBytes,
    availableBytes: facts.availableBytes,
    tokensPerSecond,
    seconds: tokensPerSecond === null || tokensPerSecond <= 0 ? null : totalTokens / tokensPerSecond,
    warnings: warningsOf(facts, steps),
    refusal: refusalOf(facts),
  };
}

function warningsOf({ recipe, measure, peakBytes, availableBytes, model }: ForecastFacts, steps: number): string[] {
  const warnings = [...measure.warnings];
  const { rows, rowsCut, rowsWithoutTarget } = measure;
  if (rowsCut > 0) {
    const lever =
      recipe.contextLength < model.contextLength
        ? "A longer context length keeps them whole."
        : "The model cannot see further; shorten these rows.";
    warnings.push(
      `${rowsCut} of ${rows} rows are longer than ${recipe.contextLength} tokens and are cut at the end. ${lever}`,
    );
  }
  if (rowsWithoutTarget > 0) {
    warnings.push(
      `${rowsWithoutTarget} of ${rows} rows have no answer inside the context length; nothing is learned from them.`,
    );
  }
  if (validationRows(rows, recipe.validationShare) === 0) {
    warnings.push(
      "No rows are kept aside, so there is no validation loss and nobody can tell learning from memorising.",
    );
  }
  if (recipe.patience != null && (recipe.validateEvery === 0 || validationRows(rows, recipe.validationShare) === 0)) {
    warnings.push(
      "The run cannot stop early: that needs rows kept aside and validations on the way. Set both, or leave the patience out.",
    );
  }
  if (steps < 10 && recipe.maxSteps === null)
    warnings.push(`The run has only ${steps} steps. More epochs or a smaller batch give it more.`);
  if (peakBytes > 0.85 * availableBytes && peakBytes <= availableBytes) {
    warnings.push("The run needs nearly all of the free memory. Close other programs before it starts.");
  }
  if (model.activation.source === "guess") {
    warnings.push(
      "The model file does not say which activation it was trained with. If its answers look wrong before tuning, so will they after.",
    );
  }
  return warnings;
}

function refusalOf({ model, recipe, measure, peakBytes, availableBytes }: ForecastFacts): Forecast["refusal"] {
  if (model.whyNotTrainable.length > 0) {
    return {
      code: "model.not-trainable",
      message: `"${model.name}" cannot be tuned: ${model.whyNotTrainable.join(" ")}`,
      hint: "Choose another model.",
    };
  }
  if (measure.learnedTokens === 0) {
    return measure.rowsCut > 0
      ? {
          code: "data.nothing-to-learn",
          message: `Nothing would be learned: every answer lies beyond the context length of ${recipe.contextLength} tokens.`,
          hint: `Raise the context length; the longest row has at least ${measure.longestRow} tokens.`,
        }
      : {
          code: "data.nothing-to-learn",
          message: "Nothing would be learned: no row has an answer whose tokens count.",
          hint: "Look at the preview of the dataset: learned text is marked. Rows need a message of the assistant.",
        };
  }
  if (trainingRows(recipe, measure) === 0) {
    return {
      code: "data.too-few",
      message: "No rows are left to train on.",
      hint: "Add rows, or lower the validation share.",
    };
  }
  if (recipe.contextLength > model.contextLength) {
    return {
      code: "recipe.context",
      message: `The context length of ${recipe.contextLength} tokens is beyond the ${model.contextLength} of the model.`,
      hint: `Set it to ${model.contextLength} or less.`,
    };
  }
  if (peakBytes > availableBytes) {
    return {
      code: "memory.not-enough",
      message: `The run needs about ${megabytes(peakBytes)} MB, but ${megabytes(availableBytes)} MB are free.`,
      hint: memoryLever(recipe),
    };
  }
  return null;
}

function memoryLever(recipe: Recipe): string {
  if (!recipe.activationCheckpointing) return "Switch activation checkpointing on.";
  if (recipe.accumulation < recipe.batchSize)
    return `Compute each batch in more parts: set accumulation to ${Math.min(recipe.batchSize, recipe.accumulation * 2)}.`;
  if (recipe.contextLength > 128) return `Set the context length to ${Math.ceil(recipe.contextLength / 2)}.`;
  return "Choose a smaller model, or close other programs.";
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
