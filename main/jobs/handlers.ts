import type { DatasetLibrary } from "@main/datasets/library";
import type { RunHistories } from "@main/jobs/history";
import type { Planning } from "@main/jobs/planning";
import type { RunQueue } from "@main/jobs/queue";
import type { ModelLibrary } from "@main/models/library";
import type { HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";

export interface RunServices {
  readonly queue: RunQueue;
  readonly planning: Planning;
  readonly histories: RunHistories;
  readonly models: ModelLibrary;
  readonly datasets: DatasetLibrary;
}

export function runHandlers({
  queue,
  planning,
  histories,
  models,
  datasets,
}: RunServices): Handlers<HoneContract>["runs"] {
  return {
    list: () => queue.list(),
    get: ({ id }) => queue.get(id),
    suggest: (wish) => planning.suggest(wish),
    forecast: ({ probe, ...plan }) => planning.forecast(plan, probe),
    start: async ({ name, modelId, datasetId, goal, recipe }) => {
      await planning.check({ modelId, datasetId, recipe });
      const dataset = datasets.get(datasetId);
      return queue.add({
        name: name ?? `${dataset.name} on ${models.get(modelId).info.name}`,
        modelId,
        datasetId,
        datasetDigest: dataset.digest,
        learnAll: dataset.format === "text",
        goal,
        recipe,
      });
    },
    pause: ({ id }) => queue.pause(id),
    continue: ({ id }) => queue.continue(id),
    cancel: ({ id }) => queue.cancel(id),
    remove: ({ id }) => queue.remove(id),
    rename: ({ id, name, note }) => queue.rename(id, name, note),
    history: ({ id }) => {
      queue.get(id);
      return histories.read(id);
    },
  };
}
