import { keepIndices, mergeIndices } from "@renderer/ui/chart/decimate";
import type { ChartRow } from "@renderer/ui/chart/line-chart";
import { smoothBothWays, smoothingWeight } from "@renderer/ui/chart/smooth";
import type { MetricPoint } from "@shared/models/run";

/** What a curve is drawn over: optimiser steps, tokens seen so far, or seconds of work. */
export type CurveAxis = "step" | "tokens" | "time";

/** The place of every point on the axis; it never falls. */
function places(metrics: readonly MetricPoint[], axis: CurveAxis): (index: number) => number {
  if (axis === "step") return (index) => metrics[index]?.step ?? 0;
  if (axis === "time") return (index) => Math.round(10 * (metrics[index]?.elapsedSeconds ?? 0)) / 10;
  const tokens = new Float64Array(metrics.length);
  let sum = 0;
  for (const [index, point] of metrics.entries()) {
    sum += point.tokens;
    tokens[index] = sum;
  }
  return (index) => tokens[index] ?? 0;
}

/** Raw and smoothed training loss with the validation loss, thinned to `buckets` pairs of points. */
export function lossRows(
  metrics: readonly MetricPoint[],
  buckets: number,
  axis: CurveAxis = "step",
): readonly ChartRow[] {
  const place = places(metrics, axis);
  const raw = metrics.map((point) => point.trainLoss);
  const calm = smoothBothWays(raw, smoothingWeight(raw.length));
  const validated: number[] = [];
  for (let index = 0; index < metrics.length; index += 1) {
    if (metrics[index]?.validationLoss != null) validated.push(index);
  }
  const validation = keepIndices(
    validated.map((index) => metrics[index]?.validationLoss ?? Number.NaN),
    buckets,
  );
  const kept = mergeIndices(
    keepIndices(raw, buckets),
    validation.map((at) => validated[at] as number),
  );
  return kept.map((index) => {
    const point = metrics[index] as MetricPoint;
    return {
      x: place(index),
      raw: finite(point.trainLoss),
      smooth: finite(calm[index] as number),
      validation: point.validationLoss === null ? null : finite(point.validationLoss),
    };
  });
}

export type MetricKey = "learningRate" | "gradientNorm" | "tokensPerSecond" | "memoryBytes";

/** One metric, thinned to `buckets` pairs of points. */
export function metricRows(metrics: readonly MetricPoint[], key: MetricKey, buckets: number): readonly ChartRow[] {
  return keepIndices(
    metrics.map((point) => point[key]),
    buckets,
  ).map((index) => {
    const point = metrics[index] as MetricPoint;
    return { x: point.step, value: finite(point[key]) };
  });
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
