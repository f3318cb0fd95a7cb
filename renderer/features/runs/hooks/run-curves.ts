import { smoothBothWays, smoothingWeight } from "@renderer/ui/chart/smooth";
import type { Range } from "@renderer/ui/chart/thin";
import { Column, firstFrom, MeasuredColumn, type Trace } from "@renderer/ui/chart/trace";
import type { MetricPoint } from "@shared/models/run";

/** What a curve is drawn over: optimiser steps, tokens seen so far, or seconds of work. */
export type CurveAxis = "step" | "tokens" | "time";

export type MetricKey =
  | "trainLoss"
  | "validationLoss"
  | "learningRate"
  | "gradientNorm"
  | "tokensPerSecond"
  | "memoryBytes";

type DenseKey = Exclude<MetricKey, "validationLoss">;
const denseKeys: readonly DenseKey[] = ["trainLoss", "learningRate", "gradientNorm", "tokensPerSecond", "memoryBytes"];

export interface BestPoint {
  readonly step: number;
  readonly loss: number;
}

/** The curves of one run at one moment. */
export interface RunCurves {
  readonly length: number;
  trace(metric: MetricKey, axis: CurveAxis): Trace;
  /** The training loss, calmed; `strength` scales how far the average reaches, 1 is what suits the length of the run. */
  smoothed(axis: CurveAxis, strength: number): Trace;
  /** Where the axis ends: its value at the last step. */
  end(axis: CurveAxis): number;
  /** Its place on an axis; 0 for a step that is not there. */
  placeOf(step: number, axis: CurveAxis): number;
  /** The steps on a part of an axis; null for all of them. */
  within(range: Range | null, axis: CurveAxis): readonly [from: number, to: number] | null;
  /** The lowest validation loss. */
  readonly best: BestPoint | null;
}

/** Places of the points on each axis; none ever falls. */
class Places {
  readonly step = new Column();
  readonly tokens = new Column();
  readonly time = new Column();

  push(step: number, tokens: number, seconds: number): void {
    this.step.push(step);
    this.tokens.push(tokens);
    this.time.push(Math.max(seconds, this.time.last ?? 0));
  }

  cut(length: number): void {
    for (const column of [this.step, this.tokens, this.time]) column.cut(length);
  }
}

/** Follows the metrics of a run in columns: what is new is added, what was there is not looked at again. */
export class CurveFollower {
  #seen: readonly MetricPoint[] = [];
  readonly #places = new Places();
  readonly #dense = new Map<DenseKey, MeasuredColumn>(denseKeys.map((key) => [key, new MeasuredColumn()]));
  readonly #validationPlaces = new Places();
  readonly #validation = new MeasuredColumn();

  /** `metrics` shares its points with those of the last call, as a history does that grows. */
  follow(metrics: readonly MetricPoint[]): RunCurves {
    let same = Math.min(this.#seen.length, metrics.length);
    while (same > 0 && this.#seen[same - 1] !== metrics[same - 1]) same -= 1;
    if (same < this.#seen.length) this.#cut(same);
    for (let index = same; index < metrics.length; index += 1) this.#push(metrics[index] as MetricPoint);
    this.#seen = metrics;
    return this.#snapshot();
  }

  #push(point: MetricPoint): void {
    const tokens = (this.#places.tokens.last ?? 0) + point.tokens;
    this.#places.push(point.step, tokens, point.elapsedSeconds);
    for (const [key, column] of this.#dense) column.push(point[key]);
    if (point.validationLoss === null) return;
    this.#validationPlaces.push(point.step, tokens, this.#places.time.last ?? 0);
    this.#validation.push(point.validationLoss);
  }

  #cut(length: number): void {
    this.#places.cut(length);
    for (const column of this.#dense.values()) column.cut(length);
    const lastStep = this.#places.step.last ?? 0;
    const steps = this.#validationPlaces.step;
    let kept = steps.length;
    while (kept > 0 && (steps.values[kept - 1] as number) > lastStep) kept -= 1;
    this.#validationPlaces.cut(kept);
    this.#validation.cut(kept);
  }

  #snapshot(): RunCurves {
    const places = this.#places;
    const length = places.step.length;
    const traces = new Map<MetricKey, Record<CurveAxis, Trace>>();
    for (const [key, column] of this.#dense) traces.set(key, overEach(column, places));
    traces.set("validationLoss", overEach(this.#validation, this.#validationPlaces));
    const at = (metric: MetricKey, axis: CurveAxis) => (traces.get(metric) as Record<CurveAxis, Trace>)[axis];
    const steps = at("trainLoss", "step");
    let calm: { readonly weight: number; readonly y: Float64Array } | undefined;
    return {
      length,
      trace: at,
      smoothed: (axis, strength) => {
        const weight = strength === 0 ? 0 : 1 - (1 - smoothingWeight(length)) / strength;
        const raw = at("trainLoss", axis);
        if (calm?.weight !== weight) calm = { weight, y: smoothBothWays(raw.y.subarray(0, length), weight) };
        return { x: raw.x, y: calm.y, length, extremes: null };
      },
      end: (axis) => at("trainLoss", axis).x[length - 1] ?? 0,
      placeOf: (step, axis) => {
        const index = steps.x.subarray(0, length).indexOf(step);
        return index < 0 ? 0 : (at("trainLoss", axis).x[index] as number);
      },
      within: (range, axis) => {
        if (!range) return null;
        const { x } = at("trainLoss", axis);
        const [first, end] = [firstFrom({ x, length }, range[0]), firstFrom({ x, length }, range[1] + 1e-9)];
        return [steps.x[first] ?? Number.POSITIVE_INFINITY, steps.x[end - 1] ?? Number.NEGATIVE_INFINITY];
      },
      best: lowest(at("validationLoss", "step")),
    };
  }
}

function overEach(column: MeasuredColumn, { step, tokens, time }: Places): Record<CurveAxis, Trace> {
  return { step: column.over(step), tokens: column.over(tokens), time: column.over(time) };
}

function lowest({ x, y, length, extremes }: Trace): BestPoint | null {
  const index = extremes?.within(0, length).low ?? -1;
  return index < 0 ? null : { step: x[index] as number, loss: y[index] as number };
}
