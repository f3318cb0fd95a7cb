import type { ModelInfo } from "@shared/models/model";

const context = 2048;
const batch = 512;
const classesGb = [3, 4, 6, 8, 12, 16];

type Shape = Pick<
  ModelInfo,
  "parameters" | "vocabularySize" | "embeddingLength" | "blockCount" | "headCount" | "headCountKv" | "contextLength"
>;

/**
 * Bytes that a phone app takes while it runs weights of that size: 1.1 × (weights + keys and values of the context in float16 +
 * the buffers of one batch). The rule is that of the most used app, which refuses to start a model beyond it.
 */
export function phoneBytes(model: Shape, weights: number): number {
  const headWidth = model.embeddingLength / Math.max(1, model.headCount);
  const tokens = Math.min(context, model.contextLength);
  const keysAndValues = 2 * model.blockCount * model.headCountKv * headWidth * tokens * 2;
  return 1.1 * (weights + keysAndValues + (model.vocabularySize + model.embeddingLength) * batch * 4);
}

/** The memory of the smallest phone, in GB, that gives an app so many bytes; null when none does. */
export function smallestPhoneGb(bytes: number): number | null {
  return classesGb.find((gigabytes) => bytes <= allowedBytes(gigabytes)) ?? null;
}

/** What the same app takes at most on its first start: 60 % of the memory, and leave 1.2 GB to the system. */
function allowedBytes(gigabytes: number): number {
  return Math.min(0.6 * gigabytes, gigabytes - 1.2) * 1e9;
}

/** Weights that a browser tab bears. The systems state no limit and end a tab without a word; these are known to be safe. */
export const browserLimits = { iphone: 0.4e9, android: 1.0e9 } as const;
