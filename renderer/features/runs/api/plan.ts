import { bridge } from "@renderer/lib/bridge";
import type { Goal, Recipe } from "@shared/models/recipe";
import type { ScoreKind } from "@shared/models/score";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { storeRun } from "./runs";

export interface RunPlan {
  readonly modelId: string;
  readonly datasetId: string;
  readonly goal: Goal;
  readonly recipe: Recipe;
}

export const suggestionQuery = (modelId: string, datasetId: string, goal: Goal) =>
  queryOptions({
    queryKey: ["suggestion", modelId, datasetId, goal],
    queryFn: () => bridge().runs.suggest({ modelId, datasetId, goal }),
    enabled: modelId !== "" && datasetId !== "",
  });

/** `probe` also measures speed on the real model, which takes about a second. */
export const forecastQuery = (plan: RunPlan | null, probe: boolean) =>
  queryOptions({
    queryKey: ["forecast", plan, probe],
    queryFn: () => {
      if (!plan) throw new Error("A forecast needs a plan.");
      return bridge().runs.forecast({ ...plan, recipe: { ...plan.recipe }, probe });
    },
    enabled: plan !== null,
    staleTime: 60_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });

export function useStartRun() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (plan: RunPlan & { readonly name?: string; readonly scoreBy?: ScoreKind }) =>
      bridge().runs.start({ ...plan, recipe: { ...plan.recipe } }),
    onSuccess: (run) => storeRun(queryClient, run),
  });
}
