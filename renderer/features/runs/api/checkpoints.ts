import { bridge } from "@renderer/lib/bridge";
import type { RunProof } from "@shared/models/checkpoint";
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

export const checkpointsQuery = (id: string) =>
  queryOptions({ queryKey: ["runs", id, "checkpoints"], queryFn: () => bridge().runs.checkpoints({ id }) });

export const useCheckpoints = (id: string) => useQuery(checkpointsQuery(id));

/** Makes an adapter of a checkpoint; the list then names it. */
export function usePromote(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (step: number) => bridge().runs.promote({ id, step }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: checkpointsQuery(id).queryKey }),
  });
}

export function useDropCheckpoints(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => bridge().runs.dropCheckpoints({ id }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: checkpointsQuery(id).queryKey }),
  });
}

const proofQuery = (id: string) =>
  queryOptions({ queryKey: ["runs", id, "proof"], queryFn: () => bridge().runs.proof({ id }) });

export const useProof = (id: string) => useQuery(proofQuery(id));

export function useProve(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (step: number | undefined) => bridge().runs.prove(step === undefined ? { id } : { id, step }),
    onSuccess: (proof: RunProof) => queryClient.setQueryData(proofQuery(id).queryKey, proof),
  });
}

export function followCheckpoints(queryClient: QueryClient): () => void {
  const { runs, adapters } = bridge();
  const again = (id: string) => {
    void queryClient.invalidateQueries({ queryKey: checkpointsQuery(id).queryKey });
    void queryClient.invalidateQueries({ queryKey: proofQuery(id).queryKey });
  };
  const stops = [
    runs.checkpointsChanged(({ id }) => again(id)),
    runs.proofChanged(({ id }) => void queryClient.invalidateQueries({ queryKey: proofQuery(id).queryKey })),
    runs.ended(({ id }) => again(id)),
    // An adapter that was made of a checkpoint may be gone.
    adapters.changed(
      () => void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[2] === "checkpoints" }),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
