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

type StepRange = readonly [from: number, to: number];

const within = (metrics: readonly MetricPoint[], steps: StepRange | null) =>
  steps ? metrics.filter(({ step }) => step >= steps[0] && step <= steps[1]) : metrics;

/** Every step with all its figures, nothing thinned; only those of `steps` where that is given. What was not measured is empty. */
export function curveCsv(metrics: readonly MetricPoint[], steps: StepRange | null = null): string {
  const lines = within(metrics, steps).map((point) => figures(point).join(","));
  return table([columns.map(([name]) => name).join(","), ...lines]);
}

export interface RunTable {
  readonly name: string;
  readonly metrics: readonly MetricPoint[];
  /** Only these; null for all. */
  readonly steps: StepRange | null;
}

/** The same of several runs, one below the other, with the name of the run before each step. */
export function overlayCsv(runs: readonly RunTable[]): string {
  const lines = runs.flatMap(({ name, metrics, steps }) => {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    return within(metrics, steps).map((point) => [quoted, ...figures(point)].join(","));
  });
  return table([["run", ...columns.map(([title]) => title)].join(","), ...lines]);
}

const figures = (point: MetricPoint) => columns.map(([, value]) => value(point) ?? "");
const table = (lines: readonly string[]) => `${lines.join("\r\n")}\r\n`;
