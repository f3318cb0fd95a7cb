import { useAdapters } from "@renderer/features/adapters/api/adapters";
import { useModels } from "@renderer/features/models/api/models";
import type { AdapterRecord } from "@shared/models/adapter";
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

const comparedKey = "hone.compared";
export const hasCompared = () => localStorage.getItem(comparedKey) === "yes";

/** Opens with what the page was asked for, else with what was there, else with one pane of the first model. Drops what is gone. */
export function usePanesSetUp(): void {
  const models = useModels().data;
  const adapters = useAdapters().data;
  const { panes } = usePlayground();
  useEffect(() => {
    if (!models || !adapters) return;
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
        const here = pane.adapters.filter(({ adapterId }) => adapters.some(({ id }) => id === adapterId));
        return here.length === pane.adapters.length ? pane : { ...pane, adapters: here };
      });
    const first = usable[0];
    if (kept.length === 0 && first) dispatch({ type: "panes", panes: [newPane(first.id)] });
    else if (kept.length !== panes.length || kept.some((pane, at) => pane !== panes[at]))
      dispatch({ type: "panes", panes: kept });
  }, [models, adapters, panes]);
}
