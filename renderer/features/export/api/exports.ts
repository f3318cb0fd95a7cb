import { bridge } from "@renderer/lib/bridge";
import type { ExportPlan, ExportProgress, ExportRequest, ExportResult, ExportWish } from "@shared/models/export";
import {
  keepPreviousData,
  type QueryClient,
  skipToken,
  useMutation,
  useMutationState,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";

const progressKey = (adapterId: string) => ["exports", adapterId, "progress"] as const;
const resultKey = (adapterId: string) => ["exports", adapterId, "result"] as const;

/** What the exports would hold and weigh, in the order of the wishes. */
export function useExportPlans(adapterId: string, wishes: readonly Omit<ExportWish, "adapterId">[], zip: boolean) {
  return useQuery<readonly ExportPlan[]>({
    queryKey: ["exports", adapterId, "plans", wishes, zip],
    queryFn: () => bridge().exports.plan({ wishes: wishes.map((wish) => ({ ...wish, adapterId })), folder: null, zip }),
    placeholderData: keepPreviousData,
  });
}

/** Null while nothing is being exported. */
export function useExportProgress(adapterId: string): ExportProgress | null {
  return useQuery<ExportProgress | null>({ queryKey: progressKey(adapterId), queryFn: skipToken }).data ?? null;
}

/** The latest export of this adapter since the window was opened. */
export function useExportResult(adapterId: string): ExportResult | null {
  return useQuery<ExportResult | null>({ queryKey: resultKey(adapterId), queryFn: skipToken }).data ?? null;
}

/** Outlives the page that asked: progress and result are kept in the cache. */
export function useExportAdapter(adapterId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationKey: ["exports", adapterId, "write"],
    mutationFn: (request: Omit<ExportRequest, "adapterId">) => bridge().exports.write({ ...request, adapterId }),
    onMutate: () => {
      queryClient.setQueryData(resultKey(adapterId), null);
      const begin: ExportProgress = { adapterId, stage: "checking", share: 0, remainingSeconds: null };
      queryClient.setQueryData<ExportProgress | null, readonly unknown[]>(progressKey(adapterId), begin);
    },
    onSuccess: (result) => {
      queryClient.setQueryData(resultKey(adapterId), result);
      localStorage.setItem(exportedKey, "yes");
    },
    onSettled: () => queryClient.setQueryData(progressKey(adapterId), null),
  });
}

export const cancelExport = (adapterId: string) => bridge().exports.cancel({ adapterId });

/** Why the latest export of this adapter failed, also after its page was left and opened again. */
export function useExportError(adapterId: string): Error | null {
  return (
    useMutationState({
      filters: { mutationKey: ["exports", adapterId, "write"] },
      select: ({ state }) => state.error,
    }).at(-1) ?? null
  );
}

export function followExports(queryClient: QueryClient): () => void {
  return bridge().exports.progress(
    (progress) => void queryClient.setQueryData(progressKey(progress.adapterId), progress),
  );
}

const exportedKey = "hone.exported";

/** Whether an adapter was ever exported from this window; the guided first run asks. */
export const hasExported = () => localStorage.getItem(exportedKey) === "yes";
