import { useAdapters } from "@renderer/features/adapters/api/adapters";
import { useModels } from "@renderer/features/models/api/models";
import { useRuns } from "@renderer/features/runs/api/runs";
import type { AdapterRecord } from "@shared/models/adapter";
import type { RunRecord } from "@shared/models/run";
import { useEffect } from "react";
import { dispatch, newPane, usePlayground } from "./playground-store";

/** Whether an adapter can be tried on a model: made on it, or of unknown origin and the same architecture. */
export function fits(
  adapter: AdapterRecord,
  model: { readonly id: string; readonly info: { readonly architecture: string } },
): boolean {
  if (adapter.missing) return false;
  return adapter.modelId === null ? adapter.architecture === model.info.architecture : adapter.modelId === model.id;
}

/** The base beside the tuned model, over the same prompt and seed. */
export function compareBaseAndTuned(adapter: AdapterRecord, modelId: string): void {
  dispatch({ type: "panes", panes: [newPane(modelId), newPane(modelId, [{ adapterId: adapter.id, strength: 1 }])] });
  localStorage.setItem(comparedKey, "yes");
}

/** Base, checkpoint and, where there is one, the end of its run: three columns over the same prompt and seed. */
function compareCheckpoint(run: RunRecord, step: number): void {
  const { modelId, adapterId } = run;
  const final = adapterId === null ? [] : [newPane(modelId, [{ adapterId, strength: 1 }])];
  const panes = [newPane(modelId), newPane(modelId, [{ runId: run.id, step, strength: 1 }]), ...final];
  dispatch({ type: "panes", panes });
}

/** A run and a step, as another page may wish for. */
function checkpointIn(wish: unknown): { readonly runId: string; readonly step: number } | null {
  if (typeof wish !== "object" || wish === null) return null;
  const { runId, step } = wish as Record<string, unknown>;
  return typeof runId === "string" && typeof step === "number" ? { runId, step } : null;
}

const comparedKey = "hone.compared";
export const hasCompared = () => localStorage.getItem(comparedKey) === "yes";

/** Opens with what the page was asked for, else with what was there, else with one pane of the first model. Drops what is gone. */
export function usePanesSetUp(): void {
  const models = useModels().data;
  const adapters = useAdapters().data;
  const runs = useRuns().data;
  const { panes } = usePlayground();
  useEffect(() => {
    if (!models || !adapters || !runs) return;
    const state: unknown = window.history.state;
    const wish = typeof state === "object" && state !== null ? (state as Record<string, unknown>) : {};
    const compare = adapters.find(({ id }) => id === wish.compare);
    const base =
      compare && (models.find(({ id }) => id === compare.modelId) ?? models.find((model) => fits(compare, model)));
    if (compare && base) {
      compareBaseAndTuned(compare, base.id);
      window.history.replaceState(null, "");
      return;
    }
    const checkpoint = checkpointIn(wish.checkpoint);
    const run = checkpoint && runs.find(({ id }) => id === checkpoint.runId);
    if (checkpoint && run && models.some(({ id }) => id === run.modelId)) {
      compareCheckpoint(run, checkpoint.step);
      window.history.replaceState(null, "");
      return;
    }
    const model = models.find(({ id }) => id === wish.model);
    if (model) {
      dispatch({ type: "panes", panes: [newPane(model.id)] });
      window.history.replaceState(null, "");
      return;
    }
    const usable = models.filter((one) => !one.missing);
    const kept = panes
      .filter((pane) => usable.some(({ id }) => id === pane.modelId))
      .map((pane) => {
        const here = pane.adapters.filter((active) =>
          "runId" in active
            ? runs.some(({ id }) => id === active.runId)
            : adapters.some(({ id }) => id === active.adapterId),
        );
        return here.length === pane.adapters.length ? pane : { ...pane, adapters: here };
      });
    const first = usable[0];
    if (kept.length === 0 && first) dispatch({ type: "panes", panes: [newPane(first.id)] });
    else if (kept.length !== panes.length || kept.some((pane, at) => pane !== panes[at]))
      dispatch({ type: "panes", panes: kept });
  }, [models, adapters, runs, panes]);
}
