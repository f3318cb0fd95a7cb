import { z } from "zod";

/** The seven matrices of a block that an adapter can change, in writing order. */
export const projections = ["q", "k", "v", "o", "gate", "up", "down"] as const;
export type Projection = (typeof projections)[number];

/** Feed-forward activations that a person can choose between, where files of one architecture were trained with either. */
export const choosableActivationSchema = z.enum(["silu", "relu2"]);
export type ChoosableActivation = z.infer<typeof choosableActivationSchema>;

/** Files of these name the same tensors and were trained with either activation. */
export function hasActivationChoice(architecture: string): boolean {
  return architecture.startsWith("bitnet");
}

/** What the engine reads from a GGUF file without computing. */
export interface ModelInfo {
  readonly path: string;
  readonly fileBytes: number;
  readonly name: string;
  readonly architecture: string;
  readonly parameters: number;
  readonly contextLength: number;
  readonly embeddingLength: number;
  readonly feedForwardLength: number;
  readonly blockCount: number;
  readonly headCount: number;
  readonly headCountKv: number;
  readonly vocabularySize: number;
  /** Largest share first. */
  readonly types: readonly { readonly dtype: string; readonly tensors: number; readonly bytes: number }[];
  readonly tokenizer: { readonly model: string; readonly pre: string } | null;
  readonly chatTemplate: string | null;
  /**
   * The feed-forward activation and where the choice comes from (a BitNet file does not always say; `chosen` by whoever opened
   * the model). `reason` is a sentence for the person, "" when there is nothing to explain.
   */
  readonly activation: {
    readonly kind: "silu" | "relu2" | "gelu_tanh";
    readonly source: "file" | "architecture" | "guess" | "chosen";
    readonly reason?: string;
  };
  readonly license: string | null;
  readonly description: string | null;
  /** Empty when Hone can train an adapter on it; else the reasons in words. */
  readonly whyNotTrainable: readonly string[];
}

/** A model on the shelf. The file stays where it is; Hone keeps its path. */
export interface ModelRecord {
  readonly id: string;
  readonly info: ModelInfo;
  /** SHA-256 of the file, hex; null while it is being computed. */
  readonly digest: string | null;
  readonly origin: "starter" | "file";
  readonly addedAt: string;
  /** The file is no longer at its path. */
  readonly missing: boolean;
}
