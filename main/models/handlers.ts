import type { RunStore } from "@main/jobs/store";
import type { ModelLibrary } from "@main/models/library";
import { HoneError } from "@shared/errors";
import type { HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";

export function modelHandlers(models: ModelLibrary, runs: RunStore): Handlers<HoneContract>["models"] {
  /** A run that is not through computes with the model as it was when it began. */
  const refuseInUse = (id: string) => {
    const user = runs.unfinished().find((run) => run.modelId === id);
    if (!user) return;
    throw new HoneError("model.in-use", `The run "${user.name}" needs this model.`, "Cancel or remove the run first.", {
      runId: user.id,
    });
  };
  return {
    list: () => models.list(),
    add: ({ path }) => models.add(path),
    remove: ({ id }) => {
      refuseInUse(id);
      models.remove(id);
    },
    chooseActivation: ({ id, activation }) => {
      refuseInUse(id);
      return models.chooseActivation(id, activation);
    },
  };
}
