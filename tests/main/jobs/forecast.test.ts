import { type ForecastFacts, forecastRun } from "@main/jobs/forecast";
import { suggestRecipe } from "@main/jobs/suggest";
import { goals, recipeSchema } from "@shared/models/recipe";
import { describe, expect, it } from "vitest";
import { recipeWith } from "../../support/recipe";
import { openStudio, stock } from "../../support/studio";

function facts(changes: Partial<ForecastFacts> = {}): ForecastFacts {
  return {
    model: {
      path: "m",
      fileBytes: 1,
      name: "M",
      architecture: "llama",
      parameters: 1,
      contextLength: 256,
      embeddingLength: 1,
      feedForwardLength: 1,
      blockCount: 1,
      headCount: 1,
      headCountKv: 1,
      vocabularySize: 1,
      types: [],
      tokenizer: null,
      chatTemplate: null,
      activation: { kind: "silu", source: "architecture" },
      license: null,
      description: null,
      whyNotTrainable: [],
    },
    recipe: recipeWith({ maxSteps: null, epochs: 2, batchSize: 4 }),
    measure: {
      datasetId: "d",
      modelId: "m",
      rows: 100,
      tokens: 1000,
      learnedTokens: 500,
      longestRow: 20,
      rowsCut: 0,
      rowsWithoutTarget: 0,
      template: "",
      warnings: [],
    },
    peakBytes: 1e6,
    trainableParameters: 10,
    availableBytes: 1e9,
    tokensPerSecond: 500,
    ...changes,
  };
}

describe("a forecast", () => {
  it("counts steps and tokens and, with a measured speed, the time", () => {
    expect(forecastRun(facts())).toMatchObject({
      steps: 45,
      tokensPerStep: 40,
      totalTokens: 1800,
      seconds: 3.6,
      warnings: [],
      refusal: null,
    });
  });

  it("warns of rows that are cut and names the lever", () => {
    const { measure } = facts();
    expect(forecastRun(facts({ measure: { ...measure, rowsCut: 3 } })).warnings[0]).toBe(
      "3 of 100 rows are longer than 64 tokens and are cut at the end. A longer context length keeps them whole.",
    );
    const full = facts({ measure: { ...measure, rowsCut: 3 }, recipe: recipeWith({ contextLength: 256 }) });
    expect(forecastRun(full).warnings[0]).toContain("The model cannot see further");
  });

  it("warns of rows without a target, of no validation and of a handful of steps", () => {
    const { measure } = facts();
    const { warnings } = forecastRun(
      facts({
        measure: { ...measure, rowsWithoutTarget: 2 },
        recipe: recipeWith({ maxSteps: null, batchSize: 50, validationShare: 0 }),
      }),
    );
    expect(warnings.join(" ")).toMatch(/2 of 100 rows have no answer.*nobody can tell.*only 2 steps/);
  });

  it("refuses a run that teaches nothing", () => {
    const { measure } = facts();
    const masked = forecastRun(facts({ measure: { ...measure, learnedTokens: 0, rowsWithoutTarget: 100 } }));
    expect(masked.refusal).toMatchObject({
      code: "data.nothing-to-learn",
      message: expect.stringContaining("no row has an answer"),
    });
    const cut = forecastRun(facts({ measure: { ...measure, learnedTokens: 0, rowsCut: 100, rowsWithoutTarget: 100 } }));
    expect(cut.refusal?.message).toContain("beyond the context length of 64");
  });

  it("refuses what does not fit into the memory and names the nearest setting", () => {
    const short = { peakBytes: 2e9, availableBytes: 1e9 };
    expect(
      forecastRun(facts({ ...short, recipe: recipeWith({ activationCheckpointing: false }) })).refusal?.hint,
    ).toContain("checkpointing");
    expect(
      forecastRun(facts({ ...short, recipe: recipeWith({ batchSize: 8, accumulation: 2 }) })).refusal?.hint,
    ).toContain("accumulation to 4");
    expect(
      forecastRun(facts({ ...short, recipe: recipeWith({ batchSize: 1, contextLength: 256 }) })).refusal?.hint,
    ).toContain("context length to 128");
  });

  it("refuses a model that cannot be trained and a context beyond it", () => {
    const { model } = facts();
    expect(forecastRun(facts({ model: { ...model, whyNotTrainable: ["It has experts."] } })).refusal).toMatchObject({
      code: "model.not-trainable",
    });
    expect(forecastRun(facts({ recipe: recipeWith({ contextLength: 512 }) })).refusal).toMatchObject({
      code: "recipe.context",
    });
  });
});

describe("a suggestion", () => {
  it("is a valid recipe for each goal and any number of rows", () => {
    for (const goal of goals) {
      for (const rows of [1, 5, 63, 500, 5000, 2_000_000]) {
        for (const longestRow of [3, 500, 100_000]) {
          const recipe = suggestRecipe({ goal, rows, longestRow, model: { contextLength: 512 } });
          expect(recipeSchema.safeParse(recipe).success, `${goal} ${rows}`).toBe(true);
          expect(recipe.contextLength).toBeLessThanOrEqual(512);
        }
      }
    }
  });

  it("computes batches in parts when the memory is short", async () => {
    const studio = await openStudio({ availableBytes: () => 500_000 });
    const { model, dataset } = await stock(studio, 600);
    const recipe = await studio.client.runs.suggest({ modelId: model.id, datasetId: dataset.id, goal: "style" });
    expect(recipe).toMatchObject({ batchSize: 8, accumulation: 4 });
  });
});

describe("a run", () => {
  it("that would teach nothing is not started", async () => {
    const studio = await openStudio();
    const { model, dataset } = await stock(studio);
    const start = studio.client.runs.start({
      modelId: model.id,
      datasetId: dataset.id,
      goal: "try",
      recipe: recipeWith({ contextLength: 512 }),
    });
    await expect(start).rejects.toMatchObject({ code: "recipe.context" });
    expect(await studio.client.runs.list()).toEqual([]);
  });
});
