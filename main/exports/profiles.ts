import type { ExportProfile, ExportWish } from "@shared/models/export";
import type { MergeEmbedding, MergeType } from "@shared/models/merge";
import type { ModelInfo } from "@shared/models/model";

/** What the folder of a profile holds, and what reads it. */
export interface Profile {
  readonly title: string;
  readonly adapter: boolean;
  readonly peft: boolean;
  readonly base: "whole" | "parts" | null;
  readonly merged: boolean;
  readonly modelfile: boolean;
  /**
   * `mainline`: llama.cpp and what is built on it, which compute every BitNet with SiLU; `either`: those, or Hone itself;
   * `python`: PEFT, which runs the original checkpoint.
   */
  readonly runtime: "mainline" | "either" | "python";
  readonly phone: boolean;
}

const nothing = { adapter: false, peft: false, base: null, merged: false, modelfile: false, phone: false } as const;

export const profiles: Readonly<Record<ExportProfile, Profile>> = {
  adapter: { ...nothing, title: "GGUF adapter", adapter: true, runtime: "either" },
  peft: { ...nothing, title: "PEFT folder", peft: true, runtime: "python" },
  developer: { ...nothing, title: "Developer bundle", adapter: true, peft: true, runtime: "either" },
  pair: { ...nothing, title: "Base and adapter", adapter: true, base: "whole", runtime: "mainline" },
  android: { ...nothing, title: "Android app", merged: true, runtime: "mainline", phone: true },
  iphone: { ...nothing, title: "iPhone app", merged: true, runtime: "mainline", phone: true },
  merged: { ...nothing, title: "Merged model", merged: true, runtime: "mainline" },
  page: { ...nothing, title: "Any phone's browser", adapter: true, base: "parts", runtime: "mainline", phone: true },
  ollama: { ...nothing, title: "Ollama", adapter: true, modelfile: true, runtime: "mainline" },
};

/** Rows of these types come in blocks of 256. */
export function needsWideRows(type: MergeType): boolean {
  return type.includes("_k") || type.startsWith("tq");
}

export function hasWideRows(info: Pick<ModelInfo, "embeddingLength" | "feedForwardLength">): boolean {
  return info.embeddingLength % 256 === 0 && info.feedForwardLength % 256 === 0;
}

/**
 * The type of the merged file: the person's, else what suits the phone. Android's CPUs have their fastest kernels for Q4_0; an
 * iPhone of 6 GB or more takes Q4_K_M, or Q8_0 where rows do not fill its blocks, a smaller one Q4_0.
 */
export function mergedTypeOf({ profile, mergedType, phoneGb }: ExportWish, info: ModelInfo): MergeType | null {
  if (!profiles[profile].merged) return null;
  if (mergedType) return mergedType;
  if (profile === "android") return "q4_0";
  if (profile === "iphone") {
    if (phoneGb !== undefined && phoneGb < 6) return "q4_0";
    return hasWideRows(info) ? "q4_k_m" : "q8_0";
  }
  return "q8_0";
}

/** On a phone every megabyte counts; elsewhere embedding and head keep every bit. */
export function embeddingOf(profile: ExportProfile): MergeEmbedding {
  return profiles[profile].phone ? "shrink" : "keep";
}

/** The type that most matrices of a model have: norms and the like stay in F32 whatever a model is called after. */
export function mainType({ types }: Pick<ModelInfo, "types">): string {
  const matrices = types.filter(({ dtype }) => dtype.toUpperCase() !== "F32");
  const [most] = [...matrices].sort((left, right) => right.tensors - left.tensors);
  return quantName((most ?? types[0])?.dtype ?? "");
}

/** The name of a type as runtimes write it. */
export function quantName(type: string): string {
  return type.toUpperCase();
}
