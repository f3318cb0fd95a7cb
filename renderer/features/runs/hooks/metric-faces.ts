import { bytes, count, rate } from "@renderer/lib/format";
import type { MetricKey } from "./run-curves";

/** A metric beside the losses, as it is shown. */
export interface MetricFace {
  readonly metric: MetricKey;
  readonly name: string;
  readonly format: (value: number) => string;
  readonly formatTick: (value: number) => string;
}

const norm = (value: number) => String(Number(value.toPrecision(3)));
/** "2.00 MB" is "2 MB" on an axis. */
const shortened = (format: (value: number) => string) => (value: number) => format(value).replace(/\.0+(?=\D|$)/, "");

export const metricFaces: readonly MetricFace[] = [
  { metric: "learningRate", name: "Learning rate", format: rate, formatTick: shortened(rate) },
  { metric: "gradientNorm", name: "Gradient norm", format: norm, formatTick: shortened(norm) },
  { metric: "tokensPerSecond", name: "Tokens per second", format: count, formatTick: shortened(count) },
  { metric: "memoryBytes", name: "Memory", format: bytes, formatTick: shortened(bytes) },
];
