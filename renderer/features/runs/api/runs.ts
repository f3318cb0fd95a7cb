import { bridge } from "@renderer/lib/bridge";
import type { Recipe } from "@shared/models/recipe";
import type { RunHistory, RunRecord } from "@shared/models/run";
import type { Verdict } from "@shared/models/verdict";
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { appendGrowth, type Growth } from "./growth";

const runsQuery = () => queryOptions({ queryKey: ["runs"], queryFn: () => bridge().runs.list() });

export const useRuns = () => useQuery(runsQuery());

export const runQuery = (id: string) =>
  queryOptions({ queryKey: ["runs", id], queryFn: () => bridge().runs.get({ id }) });

/** Loaded once; news that arrives while it loads is laid over it. */
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ["runs", id, "history"],
    queryFn: async (): Promise<RunHistory> => {
      const late: Growth[] = [];
      const stop = bridge().runs.grew((news) => void (news.id === id && late.push(news)));
      try {
        return late.reduce(appendGrowth, await bridge().runs.history({ id }));
      } finally {
        stop();
      }
    },
    structuralSharing: false,
  });

/** Asked anew when the run changes its state and with every few steps. */
export const verdictsQuery = ({ id, state, progress }: RunRecord) =>
  queryOptions({
    queryKey: ["runs", id, "verdicts", state, Math.floor((progress?.step ?? 0) / 20)],
    queryFn: () => bridge().runs.diagnose({ id }),
    placeholderData: (old: readonly Verdict[] | undefined) => old,
  });

/** Puts a record where lists and pages read it. */
export function storeRun(queryClient: QueryClient, run: RunRecord): void {
  queryClient.setQueryData(runQuery(run.id).queryKey, run);
  queryClient.setQueryData(
    runsQuery().queryKey,
    (runs) =>
      runs &&
      (runs.some(({ id }) => id === run.id) ? runs.map((old) => (old.id === run.id ? run : old)) : [run, ...runs]),
  );
}

const queueQuery = () => queryOptions({ queryKey: ["queue"], queryFn: () => bridge().runs.queue() });

export const useQueue = () => useQuery(queueQuery());

export function useHoldQueue() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (held: boolean) => bridge().runs.hold({ held }),
    onSuccess: (state) => queryClient.setQueryData(queueQuery().queryKey, state),
  });
}

function useRunMutation<Input>(mutationFn: (input: Input) => Promise<RunRecord>) {
  const queryClient = useQueryClient();
  return useMutation({ mutationFn, onSuccess: (run) => storeRun(queryClient, run) });
}

export const usePauseRun = () => useRunMutation((id: string) => bridge().runs.pause({ id }));
export const useContinueRun = () =>
  useRunMutation((input: { id: string; device?: "cpu" }) => bridge().runs.continue(input));
export const useCancelRun = () => useRunMutation((id: string) => bridge().runs.cancel({ id }));
export const useMoveRun = () => useRunMutation((input: { id: string; place: number }) => bridge().runs.move(input));
export const useRepeatRun = () =>
  useRunMutation((input: { id: string; change: Partial<Recipe>; name?: string }) => bridge().runs.repeat(input));
export const useRenameRun = () =>
  useRunMutation((input: { id: string; name: string; note?: string }) => bridge().runs.rename(input));

export function useRemoveRun() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => bridge().runs.remove({ id }),
    onSuccess: (_, id) => forgetRun(queryClient, id),
  });
}

function forgetRun(queryClient: QueryClient, id: string): void {
  queryClient.removeQueries({ queryKey: runQuery(id).queryKey });
  queryClient.setQueryData(runsQuery().queryKey, (runs) => runs?.filter((run) => run.id !== id));
}

export function followRuns(queryClient: QueryClient): () => void {
  const { runs } = bridge();
  const stops = [
    runs.changed((run) => storeRun(queryClient, run)),
    runs.queueChanged((state) => queryClient.setQueryData(queueQuery().queryKey, state)),
    runs.removed(({ id }) => forgetRun(queryClient, id)),
    runs.grew((news) => {
      queryClient.setQueryData(historyQuery(news.id).queryKey, (history) => history && appendGrowth(history, news));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
