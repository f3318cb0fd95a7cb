import type { RunStore } from "@main/jobs/store";
import type { ModelLibrary } from "@main/models/library";
import { HoneError } from "@shared/errors";
import type { HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";

export function modelHandlers(models: ModelLibrary, runs: RunStore): Handlers<HoneContract>["models"] {
  return {
    list: () => models.list(),
    add: ({ path }) => models.add(path),
    remove: ({ id }) => {
      const user = runs.unfinished().find((run) => run.modelId === id);
      if (user) {
        throw new HoneError(
          "model.in-use",
          `The run "${user.name}" needs this model.`,
          "Cancel or remove the run first.",
          { runId: user.id },
        );
      }
      models.remove(id);
    },
  };
}
