import type { AdapterExport } from "@main/exports/export-adapter";
import type { AdapterMerge } from "@main/exports/merge-adapter";
import type { HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";

export function exportHandlers(exports: AdapterExport, merges: AdapterMerge): Handlers<HoneContract>["exports"] {
  return {
    plan: ({ wishes, folder, zip }) =>
      Promise.all(wishes.map((wish) => exports.plan(wish, folder === null ? null : { folder, zip }))),
    write: (request) => exports.export(request),
    cancel: ({ adapterId }) => exports.cancel(adapterId),
    mergePlans: ({ adapterId, embedding }) => merges.plans(adapterId, embedding),
    mergePlansOfModel: ({ modelId }) => merges.plansOfModel(modelId),
    merge: (request) => merges.merge(request),
    stopMerge: ({ adapterId }) => merges.stop(adapterId),
  };
}
