import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { StoredAdapter } from "@main/adapters/store";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import { type Merged, writeMerged } from "@main/exports/merge";
import { phoneFileName } from "@main/phone/files";
import type { ModelRef } from "@shared/engine/protocol";
import type { MergeProgress, MergeType } from "@shared/models/merge";
import type { ModelInfo } from "@shared/models/model";
import type { PhoneAppOffer, PhoneSystem } from "@shared/models/phone";
import { phoneBytes, smallestPhoneGb } from "@shared/models/phone-memory";

export interface MergedFileOptions {
  readonly engine: EngineClient;
  readonly datasets: DatasetLibrary;
  readonly model: ModelRef;
  readonly base: { readonly info: ModelInfo; readonly digest: string };
  readonly adapter: StoredAdapter;
}

/** The type with the fastest kernels on the system's phones, and the one to fall back on where it loses the adapter. */
const types = { android: ["q4_0", "q8_0"], iphone: ["q4_k_m", "q8_0"] } as const;

const sharesOf = { writing: [0, 0.7], checking: [0.7, 0.25], finishing: [0.95, 0.05] } as const;

/** What apps on each system can get, found out without writing anything. */
export async function mergedOffers(options: MergedFileOptions): Promise<Record<PhoneSystem, PhoneAppOffer>> {
  const { engine, model, base, adapter } = options;
  const plans = await engine.merge.plan({
    model,
    adapters: [{ path: adapter.path, strength: 1 }],
    types: [...new Set(Object.values(types).flat())],
    embedding: "shrink",
  });
  const offer = (system: PhoneSystem): PhoneAppOffer => {
    const [type] = types[system];
    const bytes = plans.find((plan) => plan.type === type)?.fileBytes ?? 0;
    const phoneGb = smallestPhoneGb(phoneBytes(base.info, bytes));
    const whyNot =
      base.info.activation.kind === "relu2"
        ? "The base was trained with squared ReLU, and phone apps compute it with another activation: every answer would be wrong."
        : phoneGb === null
          ? "The merged model needs more memory than phones give an app."
          : "";
    return { holds: `${type.toUpperCase()} merged`, bytes, phoneGb, whyNot, warnings: [] };
  };
  return { android: offer("android"), iphone: offer("iphone") };
}

/** Writes base and adapter as one file, compared with both before it is kept. A type that loses the adapter is not kept. */
export async function writeMergedFile(
  options: MergedFileOptions,
  system: PhoneSystem,
  folder: string,
  onProgress: (share: number, remainingSeconds: number | null) => void,
  signal: AbortSignal,
): Promise<{ path: string; name: string }> {
  const [first, second] = types[system];
  const write = async (type: MergeType): Promise<{ path: string; merged: Merged }> => {
    const path = join(folder, `${system}.${type}.gguf`);
    const tell = meter(onProgress);
    const merged = await writeMerged({
      ...options,
      strength: 1,
      type,
      embedding: "shrink",
      target: path,
      onProgress: tell,
      signal,
    });
    return { path, merged };
  };
  const made = await write(first);
  if (keepsAdapter(made.merged)) return { path: made.path, name: phoneFileName(options.adapter.name, first) };
  await rm(made.path);
  return { path: (await write(second)).path, name: phoneFileName(options.adapter.name, second) };
}

/** Whether the file is closer to base and adapter than half of what the adapter changes. */
function keepsAdapter({ check }: Merged): boolean {
  return check.merged.meanSquare < check.base.meanSquare / 2;
}

function meter(onProgress: (share: number, remainingSeconds: number | null) => void) {
  const begin = performance.now();
  return ({ stage, done }: Omit<MergeProgress, "adapterId">) => {
    const [from, width] = sharesOf[stage];
    const share = from + width * done;
    const seconds = (performance.now() - begin) / 1000;
    onProgress(share, seconds > 1 && share > 0.02 ? (seconds * (1 - share)) / share : null);
  };
}
