import type { RowFacts } from "@main/adapters/formats/row-order";
import type { NativeAdapterContent } from "@shared/engine/addon";
import { HoneError } from "@shared/errors";

/** What conversions need to know of the base model. */
export interface BaseFacts extends RowFacts {
  readonly architecture: string;
  readonly blockCount: number;
  /** Factors of matrices that the file stores as `blk.N.NAME.scale`, by the name of the matrix. */
  readonly scales: ReadonlyMap<string, number>;
}

/** The change of one matrix, y += factor · B(A x), in the order of rows of the GGUF base. */
export interface LoraPair {
  /** "blk.3.attn_q.weight". */
  readonly tensor: string;
  readonly rank: number;
  readonly inputs: number;
  readonly outputs: number;
  /** [rank, inputs], row-major. */
  readonly a: Float32Array;
  /** [outputs, rank], row-major. */
  readonly b: Float32Array;
  readonly factor: number;
}

/**
 * Pairs as a GGUF adapter. Such a file has one alpha, and the factor of each pair is alpha / rank: where the pairs ask for more,
 * their B takes up the difference.
 */
export function contentOf(
  pairs: readonly LoraPair[],
  facts: Pick<NativeAdapterContent, "architecture" | "name" | "metadata">,
): NativeAdapterContent {
  // A pair whose own factor is 0 says nothing about the others.
  const first = pairs.find(({ factor }) => factor !== 0) ?? pairs[0];
  if (!first) throw new HoneError("adapter.empty", "The adapter holds no pair that changes the model.");
  const alpha = Math.fround(first.factor * first.rank);
  if (!(Number.isFinite(alpha) && alpha !== 0)) {
    throw new HoneError(
      "adapter.alpha",
      `The adapter's factor is ${first.factor}, so it ${first.factor === 0 ? "changes nothing" : "cannot be used"}.`,
      "Check lora_alpha in adapter_config.json.",
    );
  }
  const tensors = pairs.flatMap(({ tensor, rank, inputs, outputs, a, b, factor }) => {
    const own = factor / (first.factor * (first.rank / rank));
    // Equal but for the last bits of a division: B stays as it is, to the bit.
    const folded = Math.abs(own - 1) < 1e-12 ? b : b.map((value) => value * own);
    return [
      { name: `${tensor}.lora_a`, shape: [inputs, rank], values: a },
      { name: `${tensor}.lora_b`, shape: [rank, outputs], values: folded },
    ];
  });
  return { ...facts, alpha, tensors };
}

/** Throws "adapter.not-finite". */
export function checkFinite(name: string, values: Float32Array): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  throw new HoneError(
    "adapter.not-finite",
    `${name} holds a value that is not a finite number at index ${index}.`,
    "The adapter is damaged or its training diverged.",
  );
}
