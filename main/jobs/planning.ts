import { freemem } from "node:os";
import type { DatasetLibrary } from "@main/datasets/library";
import type { DatasetView } from "@main/datasets/view";
import type { EngineClient } from "@main/engine/client";
import { forecastRun, stepsOf } from "@main/jobs/forecast";
import { suggestRecipe } from "@main/jobs/suggest";
import type { ModelLibrary } from "@main/models/library";
import { modelRef } from "@main/models/model-ref";
import type { Starter } from "@main/seed";
import type { SettingsStore } from "@main/settings/settings";
import { HoneError } from "@shared/errors";
import type { Forecast, Goal, Recipe } from "@shared/models/recipe";

export interface PlanningOptions {
  /** The one that does not train: planning must not wait for a run. */
  readonly engine: EngineClient;
  readonly models: ModelLibrary;
  readonly datasets: DatasetLibrary;
  readonly view: DatasetView;
  readonly settings: SettingsStore;
  /** What the starter model and dataset are best tuned with. */
  readonly starter: Pick<Starter, "goal" | "recipe"> | null;
  readonly availableBytes?: () => number;
}

export interface Plan {
  readonly modelId: string;
  readonly datasetId: string;
  readonly recipe: Recipe;
}

const probeSeconds = 1;
/** Rows are measured whole up to here when a context length is to be suggested. */
const longestLook = 8192;
/** Share of the free memory that a suggestion leaves untouched. */
const comfortable = 0.7;

/** Memory follows the rows that are there, not those the context length would allow. */
function asLongAs(longestRow: number, recipe: Recipe): Recipe {
  return { ...recipe, contextLength: Math.min(recipe.contextLength, Math.max(8, longestRow)) };
}

/** Recipes and what they cost, before anything starts. */
export class Planning {
  readonly #availableBytes: () => number;

  constructor(private readonly options: PlanningOptions) {
    this.#availableBytes = options.availableBytes ?? freemem;
  }

  async suggest({ modelId, datasetId, goal }: { modelId: string; datasetId: string; goal: Goal }): Promise<Recipe> {
    const { models, datasets, view, starter } = this.options;
    const { info, origin } = await models.present(modelId);
    const dataset = datasets.get(datasetId);
    if (starter?.goal === goal && origin === "starter" && dataset.origin === "starter") return starter.recipe;
    const measure = await view.measure(datasetId, modelId, Math.min(info.contextLength, longestLook));
    const recipe = suggestRecipe({ goal, rows: dataset.rows, longestRow: measure.longestRow, model: info });
    return info.whyNotTrainable.length > 0 ? recipe : this.#fitted(modelId, recipe);
  }

  async forecast({ modelId, datasetId, recipe }: Plan, probe: boolean): Promise<Forecast> {
    const { models, view, settings, engine } = this.options;
    const { info } = await models.present(modelId);
    const measure = await view.measure(datasetId, modelId, recipe.contextLength);
    const model = modelRef(info, settings.get());
    const trainable = info.whyNotTrainable.length === 0 && recipe.contextLength <= info.contextLength;
    const cost = trainable
      ? await engine.train.forecast({
          model,
          recipe: asLongAs(measure.longestRow, recipe),
          totalSteps: stepsOf(recipe, measure),
        })
      : { peakBytes: 0, trainableParameters: 0 };
    const facts = {
      model: info,
      recipe,
      measure,
      ...cost,
      availableBytes: this.#availableBytes(),
      tokensPerSecond: null,
    };
    const forecast = forecastRun(facts);
    if (!probe || forecast.refusal) return forecast;
    const rowTokens = Math.max(8, Math.round(measure.tokens / Math.max(1, measure.rows)));
    const { tokensPerSecond } = await engine.train.probe({ model, recipe, rowTokens, seconds: probeSeconds });
    return forecastRun({ ...facts, tokensPerSecond });
  }

  /** Throws the refusal of a run that must not start. */
  async check(plan: Plan): Promise<void> {
    const { refusal } = await this.forecast(plan, false);
    if (refusal) throw new HoneError(refusal.code, refusal.message, refusal.hint);
  }

  /** Computes a batch in more parts until it fits comfortably. */
  async #fitted(modelId: string, suggested: Recipe): Promise<Recipe> {
    const { models, settings, engine } = this.options;
    const { info } = await models.present(modelId);
    const model = modelRef(info, settings.get());
    const room = this.#availableBytes() * comfortable;
    let recipe = suggested;
    for (;;) {
      const { peakBytes } = await engine.train.forecast({ model, recipe, totalSteps: 1 });
      if (peakBytes <= room || recipe.accumulation >= recipe.batchSize) return recipe;
      recipe = { ...recipe, accumulation: Math.min(recipe.batchSize, recipe.accumulation * 2) };
    }
  }
}
