import { useDatasets } from "@renderer/features/datasets/api/datasets";
import { useRuns } from "@renderer/features/runs/api/runs";
import { bridge } from "@renderer/lib/bridge";
import type { AdapterRecord } from "@shared/models/adapter";
import type { ScoreKind } from "@shared/models/score";
import {
  type QueryClient,
  queryOptions,
  skipToken,
  useMutation,
  useMutationState,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";

const adaptersQuery = () => queryOptions({ queryKey: ["adapters"], queryFn: () => bridge().adapters.list() });

export const useAdapters = () => useQuery(adaptersQuery());

export function useAdapter(id: string | null | undefined) {
  return useQuery({ ...adaptersQuery(), select: (adapters) => adapters.find((adapter) => adapter.id === id) }).data;
}

function useAdapterMutation<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => queryClient.invalidateQueries({ ...adaptersQuery(), exact: true }),
  });
}

export const useImportAdapter = () =>
  useAdapterMutation((input: { path: string; modelId?: string; name?: string }) => bridge().adapters.import(input));
export const useRenameAdapter = () =>
  useAdapterMutation((input: { id: string; name: string }) => bridge().adapters.rename(input));
export const useRemoveAdapter = () => useAdapterMutation((id: string) => bridge().adapters.remove({ id }));

export function useScoreBy(id: string) {
  return useAdapterMutation((kind: ScoreKind) => bridge().adapters.scoreBy({ id, kind }));
}

/** Whether rows are left that the adapter was not trained on. */
export function useCanScore(adapter: AdapterRecord | undefined): boolean {
  const { data: runs } = useRuns();
  const { data: datasets } = useDatasets();
  if (!adapter?.recipe) return false;
  if (adapter.recipe.validationShare > 0) return true;
  const run = runs?.find(({ id }) => id === adapter.runId);
  return (datasets?.find(({ id }) => id === run?.datasetId)?.testRows ?? 0) > 0;
}

export interface Scoring {
  readonly done: number;
  readonly total: number;
}

const scoringKey = (id: string) => ["adapters", "scoring", id] as const;

/** Where a scoring stands; null when none is going on. Filled by news only. */
export function useScoring(id: string): Scoring | null {
  return useQuery<Scoring | null>({ queryKey: scoringKey(id), queryFn: skipToken }).data ?? null;
}

/** Outlives the page that asked: the progress and the failure stay in the cache. */
export function useScoreAdapter(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationKey: ["adapters", "score", id],
    mutationFn: () => bridge().adapters.score({ id }),
    onMutate: () => {
      const scoring: Scoring | null = { done: 0, total: 0 };
      queryClient.setQueryData<Scoring | null, readonly unknown[]>(scoringKey(id), scoring);
    },
    onSettled: () => {
      queryClient.setQueryData<Scoring | null>(scoringKey(id), null);
      return queryClient.invalidateQueries({ ...adaptersQuery(), exact: true });
    },
  });
}

/** Why the latest scoring of this adapter failed, whichever component asked for it. */
export function useScoreError(id: string): Error | null {
  return (
    useMutationState({ filters: { mutationKey: ["adapters", "score", id] }, select: ({ state }) => state.error }).at(
      -1,
    ) ?? null
  );
}

export function followAdapters(queryClient: QueryClient): () => void {
  const stops = [
    bridge().adapters.changed(() => void queryClient.invalidateQueries({ ...adaptersQuery(), exact: true })),
    bridge().adapters.scoring(({ id, done, total }) => {
      const scoring: Scoring | null = done >= total ? null : { done, total };
      queryClient.setQueryData<Scoring | null, readonly unknown[]>(scoringKey(id), scoring);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
