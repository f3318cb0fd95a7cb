import type { AdapterLibrary } from "@main/adapters/library";
import type { Scoring } from "@main/adapters/score";
import type { HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";

export function adapterHandlers(adapters: AdapterLibrary, scoring: Scoring): Handlers<HoneContract>["adapters"] {
  return {
    list: () => adapters.list(),
    import: ({ path, modelId, name }) => adapters.import(path, modelId, name),
    rename: ({ id, name }) => adapters.rename(id, name),
    remove: ({ id }) => adapters.remove(id),
    scoreBy: ({ id, kind }) => adapters.setScoreBy(id, kind),
    score: ({ id }) => scoring.score(id),
  };
}
