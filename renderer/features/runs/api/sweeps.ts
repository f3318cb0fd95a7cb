import { bridge } from "@renderer/lib/bridge";
import type { ScoreKind } from "@shared/models/score";
import type { Grid } from "@shared/models/sweep";
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RunPlan } from "./plan";

const sweepsQuery = () => queryOptions({ queryKey: ["sweeps"], queryFn: () => bridge().runs.sweeps() });

export const useSweeps = () => useQuery(sweepsQuery());

export function useStartSweep() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (plan: RunPlan & { readonly name?: string; readonly scoreBy?: ScoreKind; readonly grid: Grid }) =>
      bridge().runs.sweep({ ...plan, recipe: { ...plan.recipe } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: sweepsQuery().queryKey }),
  });
}

export function useCancelSweep() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => bridge().runs.cancelSweep({ id }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sweepsQuery().queryKey }),
  });
}

export function followSweeps(queryClient: QueryClient): () => void {
  const { runs } = bridge();
  const again = () => void queryClient.invalidateQueries({ queryKey: sweepsQuery().queryKey });
  const stops = [
    // News of a run at work comes several times a second, and changes nothing here.
    runs.changed(({ sweepId, state }) => {
      if (sweepId !== null && state !== "running") again();
    }),
    runs.removed(again),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
