import { join } from "node:path";
import type { DatasetLibrary } from "@main/datasets/library";
import type { ModelLibrary } from "@main/models/library";
import type { SettingsStore } from "@main/settings/settings";
import { starterFiles, starterGoal, starterRecipe } from "@main/starter/starter";
import { isFile, sha256OfFile } from "@main/storage/files";
import type { Goal, Recipe } from "@shared/models/recipe";

/** What lies in the box: a model, examples for it with held-out ones, and the recipe that suits them. */
export interface Starter {
  readonly modelPath: string;
  readonly datasetName: string;
  readonly trainPath: string;
  readonly testPath: string;
  /** The goal that `recipe` is for. */
  readonly goal: Goal;
  readonly recipe: Recipe;
}

export interface Shelves {
  readonly models: ModelLibrary;
  readonly datasets: DatasetLibrary;
  readonly settings: SettingsStore;
}

/** Puts the starter model and dataset on the shelf, once for each version of them: what a person removes stays removed. */
export async function seedStarter(starter: Starter, { models, datasets, settings }: Shelves): Promise<void> {
  const model = `${starter.modelPath} ${await sha256OfFile(starter.modelPath)}`;
  if (settings.recall("starter.model") !== model) {
    await models.seed(starter.modelPath);
    settings.remember("starter.model", model);
  }
  const dataset = `${await sha256OfFile(starter.trainPath)} ${await sha256OfFile(starter.testPath)}`;
  if (settings.recall("starter.dataset") !== dataset) {
    await datasets.import({
      path: starter.trainPath,
      name: starter.datasetName,
      format: "messages",
      testPath: starter.testPath,
      origin: "starter",
    });
    settings.remember("starter.dataset", dataset);
  }
}

/** The starter of this build; null where its files are not there. */
export async function starterIn(folder: string): Promise<Starter | null> {
  const starter: Starter = {
    modelPath: join(folder, starterFiles.model),
    datasetName: "Requests to tool calls",
    trainPath: join(folder, starterFiles.train),
    testPath: join(folder, starterFiles.test),
    goal: starterGoal,
    recipe: starterRecipe,
  };
  const there = await Promise.all([starter.modelPath, starter.trainPath, starter.testPath].map(isFile));
  return there.every(Boolean) ? starter : null;
}
