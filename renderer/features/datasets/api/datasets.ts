import { bridge } from "@renderer/lib/bridge";
import type { DatasetFormat } from "@shared/models/dataset";
import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";

const datasetsQuery = () => queryOptions({ queryKey: ["datasets"], queryFn: () => bridge().datasets.list() });

export const useDatasets = () => useQuery(datasetsQuery());

export function useDataset(id: string | null | undefined) {
  return useQuery({ ...datasetsQuery(), select: (datasets) => datasets.find((dataset) => dataset.id === id) }).data;
}

/** What a file looks like; asked afresh each time, since the file may have been mended meanwhile. */
export const guessQuery = (path: string, format: DatasetFormat | undefined) =>
  queryOptions({
    queryKey: ["datasets", "guess", path, format ?? "guess"],
    queryFn: () => bridge().datasets.guess({ path, format }),
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });

export interface PreviewPage {
  readonly datasetId: string;
  readonly modelId: string;
  readonly offset: number;
  readonly limit: number;
  readonly contextLength: number;
}

export const previewQuery = (page: PreviewPage) =>
  queryOptions({
    queryKey: ["datasets", "preview", page],
    queryFn: () => bridge().datasets.preview(page),
    enabled: page.modelId !== "",
    placeholderData: keepPreviousData,
  });

export const measureQuery = (datasetId: string, modelId: string, contextLength: number) =>
  queryOptions({
    queryKey: ["datasets", "measure", datasetId, modelId, contextLength],
    queryFn: () => bridge().datasets.measure({ datasetId, modelId, contextLength }),
    enabled: modelId !== "",
  });

function useDatasetMutation<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => queryClient.invalidateQueries({ ...datasetsQuery(), exact: true }),
  });
}

export const useImportDataset = () =>
  useDatasetMutation((input: { path: string; name?: string; format?: DatasetFormat }) =>
    bridge().datasets.import(input),
  );
export const useRenameDataset = () =>
  useDatasetMutation((input: { id: string; name: string }) => bridge().datasets.rename(input));
export const useRemoveDataset = () => useDatasetMutation((id: string) => bridge().datasets.remove({ id }));

export function followDatasets(queryClient: QueryClient): () => void {
  return bridge().datasets.changed(() => void queryClient.invalidateQueries({ ...datasetsQuery(), exact: true }));
}
