import { settleRecipe } from "@main/engine/settle-recipe";
import type { OpenModels } from "@main/engine/worker/models";
import type { EngineContract } from "@shared/engine/protocol";
import type { Handlers } from "@shared/ipc/define";

export function checkpointHandlers(models: OpenModels): Handlers<EngineContract>["checkpoints"] {
  return {
    adapter: ({ model, recipe, checkpoint, target, metadata }) =>
      models.use(model, ({ native }) =>
        native.checkpointAdapter({
          checkpointPath: checkpoint,
          // How many steps the run has does not matter to the shape of its adapter.
          recipe: settleRecipe(recipe, 1),
          adapterPath: target,
          metadata,
        }),
      ),
  };
}
