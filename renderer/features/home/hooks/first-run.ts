import type { AdapterRecord } from "@shared/models/adapter";
import type { DatasetRecord } from "@shared/models/dataset";
import type { ModelRecord } from "@shared/models/model";
import type { RunRecord } from "@shared/models/run";

export type StepState = "done" | "now" | "later";

export interface GuideStep {
  readonly id: "model" | "data" | "train" | "compare" | "export";
  readonly state: StepState;
}

export interface GuideFacts {
  readonly models: readonly ModelRecord[];
  readonly datasets: readonly DatasetRecord[];
  readonly runs: readonly RunRecord[];
  readonly adapters: readonly AdapterRecord[];
  readonly compared: boolean;
  readonly exported: boolean;
}

/** Where a person stands on the way to a first exported adapter; the first step that is not done is the one to take now. */
export function guide(facts: GuideFacts): readonly GuideStep[] {
  const trained = facts.adapters.length > 0 || facts.runs.some((run) => run.state === "done");
  const done: Record<GuideStep["id"], boolean> = {
    model: facts.models.some((model) => !model.missing),
    data: facts.datasets.length > 0,
    train: trained,
    compare: trained && facts.compared,
    export: trained && facts.exported,
  };
  const ids = Object.keys(done) as GuideStep["id"][];
  const now = ids.find((id) => !done[id]);
  return ids.map((id) => ({ id, state: done[id] ? "done" : id === now ? "now" : "later" }));
}
