import type { AdapterExport } from "@main/exports/export-adapter";
import type { HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";

export function exportHandlers(exports: AdapterExport): Handlers<HoneContract>["exports"] {
  return { adapter: (request) => exports.export(request) };
}
