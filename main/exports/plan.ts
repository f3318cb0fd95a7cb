import { statfs } from "node:fs/promises";
import { gatesOf, isBlocked } from "@main/exports/gates";
import { mainType, mergedTypeOf, profiles, quantName } from "@main/exports/profiles";
import { withFileErrors } from "@main/storage/file-error";
import type { AdapterRecord } from "@shared/models/adapter";
import type { ExportPlan, ExportWish } from "@shared/models/export";
import type { MergeType } from "@shared/models/merge";
import type { ModelInfo } from "@shared/models/model";
import { phoneBytes, smallestPhoneGb } from "@shared/models/phone-memory";

/** Texts, manifest and checksums. */
const textBytes = 32_768;

export interface PlanFacts {
  readonly wish: ExportWish;
  readonly adapter: Pick<AdapterRecord, "bytes" | "baseDigest">;
  readonly info: ModelInfo;
  readonly baseDigest: string;
  /** Of the merged file, by its type, as the engine forecasts it. */
  readonly mergedBytes: number | null;
  /** Where it is to be written, and whether as an archive, which exists beside its folder for a moment. */
  readonly place: { readonly folder: string; readonly zip: boolean } | null;
}

/** What an export would hold and weigh, and what stands against it. Looks at the disk, writes nothing. */
export async function planExport(facts: PlanFacts): Promise<ExportPlan> {
  const { wish, adapter, info, baseDigest, mergedBytes, place } = facts;
  const profile = profiles[wish.profile];
  const mergedType = mergedTypeOf(wish, info);
  // Adapters lie in float32 on the shelf; PEFT keeps that.
  const adapterBytes = wish.adapterType === "f32" ? adapter.bytes : Math.ceil(adapter.bytes / 2);
  const weightBytes = (mergedBytes ?? info.fileBytes) + (mergedBytes === null ? adapterBytes : 0);
  const bytes =
    textBytes +
    (mergedBytes ?? 0) +
    (profile.adapter ? adapterBytes : 0) +
    (profile.peft ? adapter.bytes : 0) +
    (profile.base ? info.fileBytes : 0);
  const disk = place && { needed: place.zip ? 2 * bytes : bytes, free: await freeBytes(place.folder) };
  const gates = gatesOf({ wish, info, base: { expected: adapter.baseDigest, found: baseDigest }, weightBytes, disk });
  return {
    profile: wish.profile,
    holds: holds(wish, mergedType, info),
    mergedType,
    bytes,
    phoneGb: profile.phone ? smallestPhoneGb(phoneBytes(info, weightBytes)) : null,
    gates,
    ready: !isBlocked(gates),
  };
}

function holds(wish: ExportWish, mergedType: MergeType | null, info: ModelInfo): string {
  const profile = profiles[wish.profile];
  if (mergedType) return `one model, merged, ${quantName(mergedType)}`;
  const base = mainType(info);
  return [
    ...(profile.base === "whole" ? [`the base (${base})`] : []),
    ...(profile.base === "parts" ? [`the base (${base}) in parts of at most 512 MB`] : []),
    ...(profile.adapter ? [`the adapter (${quantName(wish.adapterType ?? "f16")})`] : []),
    ...(profile.peft ? ["its PEFT files"] : []),
    ...(profile.modelfile ? ["a Modelfile"] : []),
  ].join(", ");
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await withFileErrors("look at the disk of", folder, () => statfs(folder));
  return bavail * bsize;
}
