import { type BaseFacts, checkFinite, type LoraPair } from "@main/adapters/formats/pairs";
import { interleaveHalves, permutedHeads } from "@main/adapters/formats/row-order";
import { floatValues, type SafeTensor } from "@main/adapters/formats/safetensors";
import { HoneError } from "@shared/errors";

/** The two matrices that a file has for one module; either may be missing. */
export interface Halves {
  a?: SafeTensor;
  b?: SafeTensor;
}

/** How a format lays out its matrices and what it calls them. */
export interface HalvesLayout {
  readonly names: { readonly a: string; readonly b: string };
  /** False: A is [rank, in] and B is [out, rank]. True: A is [in, rank] and B is [rank, out]. */
  readonly transposed: boolean;
}

/** The pair of one module, checked, in the layout of `LoraPair`. Throws "adapter.missing-pair", "adapter.shape", "adapter.not-finite". */
export function joinHalves(
  module: string,
  tensor: string,
  { a, b }: Halves,
  { names, transposed }: HalvesLayout,
  base: BaseFacts,
): Omit<LoraPair, "factor"> {
  if (!a || !b) {
    throw new HoneError(
      "adapter.missing-pair",
      `The adapter has ${a ? names.a : names.b} of ${module} but no ${a ? names.b : names.a}.`,
      "The file is incomplete; get it again.",
    );
  }
  const [rank = 0, inputs = 0] = transposed ? a.shape.toReversed() : a.shape;
  const [outputs = 0, width = 0] = transposed ? b.shape.toReversed() : b.shape;
  const heads = permutedHeads(base, tensor);
  const fits = a.shape.length === 2 && b.shape.length === 2 && rank === width && rank * inputs * outputs > 0;
  if (!fits || (heads > 0 && outputs % (2 * heads) !== 0)) {
    const expected = transposed ? "[in, r] and [r, out]" : "[r, in] and [out, r]";
    throw new HoneError(
      "adapter.shape",
      `${module}: ${names.a} is [${a.shape.join(", ")}] and ${names.b} is [${b.shape.join(", ")}]; ${expected} are expected.`,
      "The adapter belongs to another model.",
    );
  }
  const values = { a: floatValues(a), b: floatValues(b) };
  checkFinite(a.name, values.a);
  checkFinite(b.name, values.b);
  const rows = transposed
    ? { a: transpose(values.a, inputs), b: transpose(values.b, rank) }
    : { a: values.a, b: values.b };
  return { tensor, rank, inputs, outputs, a: rows.a, b: heads > 0 ? interleaveHalves(rows.b, rank, heads) : rows.b };
}

/** [rows, columns] -> [columns, rows], both row-major. */
function transpose(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows;
  return values.map((_, index) => values[(index % rows) * columns + Math.floor(index / rows)] ?? 0);
}
