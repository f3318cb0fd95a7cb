import { bridge } from "@renderer/lib/bridge";
import type { ChoosableActivation } from "@shared/models/model";
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

const modelsQuery = () => queryOptions({ queryKey: ["models"], queryFn: () => bridge().models.list() });

export const useModels = () => useQuery(modelsQuery());

/** One model out of the shelf; undefined while loading or when it is gone. */
export function useModel(id: string | null | undefined) {
  return useQuery({ ...modelsQuery(), select: (models) => models.find((model) => model.id === id) }).data;
}

export function useAddModel() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (path: string) => bridge().models.add({ path }),
    onSettled: () => queryClient.invalidateQueries(modelsQuery()),
  });
}

export function useRemoveModel() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => bridge().models.remove({ id }),
    onSettled: () => queryClient.invalidateQueries(modelsQuery()),
  });
}

export function useChooseActivation() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (choice: { id: string; activation: ChoosableActivation | null }) =>
      bridge().models.chooseActivation(choice),
    onSettled: () => queryClient.invalidateQueries(modelsQuery()),
  });
}

export function followModels(queryClient: QueryClient): () => void {
  return bridge().models.changed(() => void queryClient.invalidateQueries(modelsQuery()));
}
