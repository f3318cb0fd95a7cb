import type { MetricPoint } from "@shared/models/run";

const columns: readonly (readonly [name: string, value: (point: MetricPoint) => number | null])[] = [
  ["step", ({ step }) => step],
  ["train_loss", ({ trainLoss }) => trainLoss],
  ["validation_loss", ({ validationLoss }) => validationLoss],
  ["learning_rate", ({ learningRate }) => learningRate],
  ["gradient_norm", ({ gradientNorm }) => gradientNorm],
  ["tokens", ({ tokens }) => tokens],
  ["tokens_per_second", ({ tokensPerSecond }) => tokensPerSecond],
  ["memory_bytes", ({ memoryBytes }) => memoryBytes],
  ["elapsed_seconds", ({ elapsedSeconds }) => elapsedSeconds],
];

/** Every step with all its figures, nothing thinned. What was not measured is empty. */
export function curveCsv(metrics: readonly MetricPoint[]): string {
  const lines = metrics.map((point) => columns.map(([, value]) => value(point) ?? "").join(","));
  return `${[columns.map(([name]) => name).join(","), ...lines].join("\r\n")}\r\n`;
}
