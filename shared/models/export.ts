import type { Bundle } from "@shared/models/bundle";
import { type MergeType, mergeTypeSchema } from "@shared/models/merge";
import { pathSchema } from "@shared/models/path";
import { z } from "zod";

/**
 * What an export is for, and so what it holds:
 * - `adapter`: the GGUF adapter alone;
 * - `peft`: the two files that PEFT and everything built on it read;
 * - `developer`: both of them, no weights of the base;
 * - `pair`: base and adapter as they are, for runtimes that take adapters (llama.cpp, llama.rn, QVAC);
 * - `android`, `iphone`: one merged file, because phone apps load only one;
 * - `merged`: the same in a type of one's own choice;
 * - `page`: the base in parts that a browser can hold, and the adapter;
 * - `ollama`: the adapter and a Modelfile.
 */
export const exportProfiles = [
  "adapter",
  "peft",
  "developer",
  "pair",
  "android",
  "iphone",
  "merged",
  "page",
  "ollama",
] as const;
export const exportProfileSchema = z.enum(exportProfiles);
export type ExportProfile = z.infer<typeof exportProfileSchema>;

export const exportGates = [
  "merge-type",
  "activation",
  "agreement",
  "reload",
  "shapes",
  "memory",
  "base",
  "disk",
] as const;
export type ExportGateId = (typeof exportGates)[number];
/** Those that a person who knows why may pass. */
export const passableGates = ["activation", "memory"] as const;

export const exportWishSchema = z.object({
  adapterId: z.string().min(1).max(100),
  profile: exportProfileSchema,
  /** Of the merged file, where the profile does not settle it. */
  mergedType: mergeTypeSchema.optional(),
  /** Of the matrices of a GGUF adapter; F16 when left out, which is right for phones. */
  adapterType: z.enum(["f16", "f32"]).optional(),
  /** Memory of the phone it is meant for, in GB. */
  phoneGb: z.number().min(1).max(1024).optional(),
  /** Gates that the person has chosen to pass. */
  pass: z.array(z.enum(passableGates)).max(passableGates.length).optional(),
});
export type ExportWish = z.infer<typeof exportWishSchema>;

export const exportRequestSchema = exportWishSchema.extend({
  /** An existing folder; the export makes its own folder, or its archive, inside. */
  folder: pathSchema,
  /** One .zip instead of a folder. */
  zip: z.boolean().optional(),
  /** Prompts for the probe in place of the built-in ones; they go into the export as they are. */
  probes: z.array(z.string().trim().min(1).max(500)).min(1).max(5).optional(),
});
export type ExportRequest = z.infer<typeof exportRequestSchema>;

/** A condition that an export has to meet. `later`: found out while exporting. */
export interface ExportGate {
  readonly id: ExportGateId;
  readonly state: "pass" | "warn" | "block" | "later";
  /** What was found, in a sentence. */
  readonly text: string;
  /** What to do instead; "" when nothing needs to be done. */
  readonly hint: string;
  /** Blocked, but open to who knows why. */
  readonly passable: boolean;
}

/** What an export would be, found out without writing anything. */
export interface ExportPlan {
  readonly profile: ExportProfile;
  /** In words, for people: "Q4_0 merged". */
  readonly holds: string;
  readonly mergedType: MergeType | null;
  /** Forecast of everything in it; exact but for a few kilobytes of text. */
  readonly bytes: number;
  /** Memory of the smallest phone that runs it, in GB; null when none does or the profile is for no phone. */
  readonly phoneGb: number | null;
  readonly gates: readonly ExportGate[];
  /** No gate blocks. */
  readonly ready: boolean;
}

export interface ExportProgress {
  readonly adapterId: string;
  readonly stage: "checking" | "writing" | "comparing" | "probing" | "sealing";
  /** Of the whole work, 0 to 1. */
  readonly share: number;
  /** Null while it is too early to say. */
  readonly remainingSeconds: number | null;
}

export interface ExportResult {
  /** The folder or the archive. */
  readonly path: string;
  readonly bundle: Bundle;
  readonly gates: readonly ExportGate[];
}
