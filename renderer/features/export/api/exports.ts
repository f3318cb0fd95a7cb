import { bridge } from "@renderer/lib/bridge";
import type { ExportProgress, ExportRequest, ExportResult } from "@shared/models/export";
import {
  type QueryClient,
  skipToken,
  useMutation,
  useMutationState,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";

const progressKey = (adapterId: string) => ["exports", adapterId, "progress"] as const;
const resultKey = (adapterId: string) => ["exports", adapterId, "result"] as const;

export function useExportProgress(adapterId: string): ExportProgress["stage"] | null {
  return (
    useQuery<ExportProgress["stage"] | null>({ queryKey: progressKey(adapterId), queryFn: skipToken }).data ?? null
  );
}

/** The latest export of this adapter since the window was opened. */
export function useExportResult(adapterId: string): ExportResult | null {
  return useQuery<ExportResult | null>({ queryKey: resultKey(adapterId), queryFn: skipToken }).data ?? null;
}

/** Outlives the page that asked: stage and result are kept in the cache. */
export function useExportAdapter(adapterId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationKey: ["exports", adapterId],
    mutationFn: (request: Omit<ExportRequest, "adapterId">) => bridge().exports.adapter({ ...request, adapterId }),
    onMutate: () => {
      queryClient.setQueryData(resultKey(adapterId), null);
      queryClient.setQueryData(progressKey(adapterId), "writing");
    },
    onSuccess: (result) => {
      queryClient.setQueryData(resultKey(adapterId), result);
      localStorage.setItem(exportedKey, "yes");
    },
    onSettled: () => queryClient.setQueryData(progressKey(adapterId), null),
  });
}

/** Why the latest export of this adapter failed, also after its page was left and opened again. */
export function useExportError(adapterId: string): Error | null {
  return (
    useMutationState({ filters: { mutationKey: ["exports", adapterId] }, select: ({ state }) => state.error }).at(-1) ??
    null
  );
}

export function followExports(queryClient: QueryClient): () => void {
  return bridge().exports.progress(
    ({ adapterId, stage }) => void queryClient.setQueryData(progressKey(adapterId), stage),
  );
}

const exportedKey = "hone.exported";

/** Whether an adapter was ever exported from this window; the guided first run asks. */
export const hasExported = () => localStorage.getItem(exportedKey) === "yes";
