import type { StoredRun } from "@main/jobs/store";

/** What an adapter file says about where it comes from: the same for a run, its checkpoints and its repetition. */
export function adapterMetadata(run: StoredRun, baseDigest: string): Record<string, string> {
  return {
    "hone.base.sha256": baseDigest,
    "hone.dataset.sha256": run.datasetDigest,
    "hone.recipe": JSON.stringify(run.recipe),
  };
}
