import type { NativeModelInfo } from "@shared/engine/addon";

/** What decides the order of rows of q and k. */
export type RowFacts = Pick<NativeModelInfo, "headCount" | "headCountKv" | "permutedQk">;

/**
 * Heads whose rows differ in order between GGUF and Hugging Face files; 0 where they do not. In some architectures the converter
 * brings the two halves of each head of q and k together, pair by pair.
 */
export function permutedHeads({ headCount, headCountKv, permutedQk }: RowFacts, tensor: string): number {
  if (!permutedQk) return 0;
  if (tensor.endsWith(".attn_q.weight")) return headCount;
  return tensor.endsWith(".attn_k.weight") ? headCountKv : 0;
}

/** Row j + s·d/2 of each head of d rows becomes row 2j + s. `values` is [rows, width], row-major. */
export function interleaveHalves(values: Float32Array, width: number, heads: number): Float32Array {
  return reorder(values, width, heads, (row, half) => (row % 2) * half + (row - (row % 2)) / 2);
}

/** The way back. */
export function separateHalves(values: Float32Array, width: number, heads: number): Float32Array {
  return reorder(values, width, heads, (row, half) => (row < half ? 2 * row : 2 * (row - half) + 1));
}

/** `source` gives the old place inside a head of the row that comes to a new place. */
function reorder(
  values: Float32Array,
  width: number,
  heads: number,
  source: (row: number, half: number) => number,
): Float32Array {
  const rows = values.length / width;
  const length = rows / heads;
  const moved = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    const head = Math.floor(row / length) * length;
    const from = (head + source(row - head, length / 2)) * width;
    moved.set(values.subarray(from, from + width), row * width);
  }
  return moved;
}
