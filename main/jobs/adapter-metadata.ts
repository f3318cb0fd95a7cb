import type { StoredRun } from "@main/jobs/store";
import { activationKey } from "@main/models/model-ref";
import type { ModelInfo } from "@shared/models/model";

/** What an adapter file says about where it comes from: the same for a run, its checkpoints and its repetition. */
export function adapterMetadata(run: StoredRun, baseDigest: string, base: ModelInfo): Record<string, string> {
  return {
    "hone.base.sha256": baseDigest,
    ...activationKey(base),
    "hone.dataset.sha256": run.datasetDigest,
    "hone.recipe": JSON.stringify(run.recipe),
  };
}
