import type { AdapterExport } from "@main/exports/export-adapter";
import type { AdapterMerge } from "@main/exports/merge-adapter";
import type { HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";

export function exportHandlers(exports: AdapterExport, merges: AdapterMerge): Handlers<HoneContract>["exports"] {
  return {
    adapter: (request) => exports.export(request),
    mergePlans: ({ adapterId, embedding }) => merges.plans(adapterId, embedding),
    merge: (request) => merges.merge(request),
    stopMerge: ({ adapterId }) => merges.stop(adapterId),
  };
}
