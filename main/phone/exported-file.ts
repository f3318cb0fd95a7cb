import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AdapterExport, ExportCall } from "@main/exports/export-adapter";
import { type MadeFile, phoneFileName } from "@main/phone/files";
import { HoneError } from "@shared/errors";
import { probeFileSchema } from "@shared/models/bundle";
import type { ExportRequest, ExportResult } from "@shared/models/export";
import type { PhoneAppOffer, PhoneFile, PhoneSystem } from "@shared/models/phone";

export interface ExportedFileOptions {
  readonly exports: AdapterExport;
  readonly adapter: { readonly id: string; readonly name: string };
  /** Asked of the written file, beside what proves it otherwise. */
  readonly prompt: string | null;
  /** Where the export is made. */
  readonly folder: string;
}

/** What apps on each system can get, found out without writing anything. */
export async function appOffers(
  exports: AdapterExport,
  adapterId: string,
): Promise<Readonly<Record<PhoneSystem, PhoneAppOffer>>> {
  const offer = async (system: PhoneSystem): Promise<PhoneAppOffer> => {
    const { holds, bytes, phoneGb, gates } = await exports.plan({ adapterId, profile: system });
    const blocked = gates.find(({ state }) => state === "block");
    return {
      holds,
      bytes,
      phoneGb,
      whyNot: blocked ? `${blocked.text} ${blocked.hint}`.trim() : "",
      warnings: gates.filter(({ state }) => state === "warn").map(({ text }) => text),
    };
  };
  const [android, iphone] = await Promise.all([offer("android"), offer("iphone")]);
  return { android, iphone };
}

/**
 * Exports an adapter for a phone, through all gates, and gives the one file that goes there. Where the system's usual type loses
 * the adapter, Q8_0 is taken in its place.
 */
export async function exportForPhone(
  options: ExportedFileOptions,
  kind: PhoneSystem | "adapter",
  call: Required<ExportCall>,
): Promise<MadeFile> {
  const { exports, adapter, prompt, folder } = options;
  const request: ExportRequest = {
    adapterId: adapter.id,
    profile: kind,
    folder,
    ...(prompt === null ? {} : { probes: [prompt] }),
  };
  const result = await exports.export(request, call).catch((error: unknown) => {
    if (kind === "adapter" || !(error instanceof HoneError) || error.code !== "export.agreement") throw error;
    return exports.export({ ...request, mergedType: "q8_0" }, call);
  });
  return fileOf(result, kind, adapter.name);
}

async function fileOf({ path, bundle }: ExportResult, kind: PhoneSystem | "adapter", name: string): Promise<MadeFile> {
  const file = bundle.files.find(({ role }) => role === (kind === "adapter" ? "adapter" : "merged"));
  if (!file) throw new HoneError("phone.file", "The export holds no file for a phone.");
  const quant = file.quant ?? "";
  return {
    path: join(path, ...file.path.split("/")),
    name: phoneFileName(name, kind === "adapter" ? `lora-${quant}` : quant),
    sha256: file.sha256,
    proof: kind === "adapter" ? null : await proofOf(path, quant),
  };
}

/** What to ask an app, and how this very file begins its answer; nothing when base and tuned model begin alike. */
async function proofOf(folder: string, quant: string): Promise<PhoneFile["proof"]> {
  const { prompts } = probeFileSchema.parse(JSON.parse(await readFile(join(folder, "probe", "prompts.json"), "utf8")));
  const proving = prompts.find(({ proves }) => proves);
  const expected = proving?.expected[quant];
  return proving && expected ? { prompt: proving.prompt, expected: shortened(expected) } : null;
}

/** Other apps round otherwise, and long answers drift apart. */
function shortened(text: string): string {
  return [...text].slice(0, 32).join("").trim();
}
