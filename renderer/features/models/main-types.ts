import type { ModelInfo } from "@shared/models/model";

/** The types that make up a model, most matrices first. Those below a tenth of the bytes (norms) are left out. */
export function mainTypeNames(types: ModelInfo["types"]): string[] {
  const bytes = types.reduce((sum, type) => sum + type.bytes, 0);
  return types
    .filter((type) => type.bytes * 10 >= bytes)
    .toSorted((left, right) => right.tensors - left.tensors)
    .map((type) => type.dtype);
}

/** "TQ2_0, F16" */
export function mainTypes(types: ModelInfo["types"]): string {
  return mainTypeNames(types).join(", ");
}

/** Weights of -1, 0, +1 times a scale. */
export function isTernaryModel({ types }: Pick<ModelInfo, "types">): boolean {
  return mainTypeNames(types).some((type) => ["TQ1_0", "TQ2_0", "I2_S"].includes(type));
}

/** 0.0000043 → "4.3e-6" */
export function errorText(error: number): string {
  return error === 0 ? "0" : error.toExponential(1);
}
