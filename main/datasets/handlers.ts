import { guessDataset } from "@main/datasets/guess";
import type { DatasetLibrary } from "@main/datasets/library";
import type { DatasetView } from "@main/datasets/view";
import type { RunStore } from "@main/jobs/store";
import { HoneError } from "@shared/errors";
import type { HoneContract } from "@shared/ipc/contract";
import type { Emit, Handlers } from "@shared/ipc/define";

export function datasetHandlers(
  datasets: DatasetLibrary,
  view: DatasetView,
  runs: RunStore,
  emit: Emit<HoneContract>,
): Handlers<HoneContract>["datasets"] {
  const tell = <T extends { readonly id: string }>(record: T): T => {
    emit("datasets", "changed", { id: record.id });
    return record;
  };
  return {
    list: () => datasets.list(),
    guess: ({ path, format }) => guessDataset(path, format),
    import: async ({ path, name, format }) => tell(await datasets.import({ path, name, format })),
    rename: ({ id, name }) => tell(datasets.rename(id, name)),
    remove: async ({ id }) => {
      const user = runs.unfinished().find((run) => run.datasetId === id && run.state === "queued");
      if (user) {
        throw new HoneError(
          "dataset.in-use",
          `The run "${user.name}" is waiting for this dataset.`,
          "Cancel or remove the run first.",
          { runId: user.id },
        );
      }
      await datasets.remove(id);
      tell({ id });
    },
    preview: (request) => view.preview(request),
    measure: ({ datasetId, modelId, contextLength }) => view.measure(datasetId, modelId, contextLength),
  };
}
