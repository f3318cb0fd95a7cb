import type { ModelInfo } from "@shared/models/model";

/** The types that make up a model, most matrices first: "TQ2_0, F16". Those below a tenth of the bytes (norms) are left out. */
export function mainTypes(types: ModelInfo["types"]): string {
  const bytes = types.reduce((sum, type) => sum + type.bytes, 0);
  return types
    .filter((type) => type.bytes * 10 >= bytes)
    .toSorted((left, right) => right.tensors - left.tensors)
    .map((type) => type.dtype)
    .join(", ");
}
