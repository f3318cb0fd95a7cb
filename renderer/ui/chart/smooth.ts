/**
 * Exponential moving average without the pull towards zero at the start (the average of Adam's first moment). `weight` is what
 * remains of the past per point, 0 to 1. Values that are not finite leave the average as it is.
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const out = new Float64Array(values.length);
  let mean = 0;
  let debias = 1;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (Number.isFinite(value)) {
      mean = weight * mean + (1 - weight) * value;
      debias *= weight;
    }
    out[index] = debias === 1 ? Number.NaN : mean / (1 - debias);
  }
  return out;
}

/** The mean of smoothing forwards and backwards: calm, and without lagging behind a curve that falls. */
export function smoothBothWays(values: ArrayLike<number>, weight: number): Float64Array {
  const forward = smooth(values, weight);
  const backward = smooth(Float64Array.from(values).reverse(), weight);
  for (let index = 0; index < forward.length; index += 1) {
    const value = forward[index] as number;
    const other = backward[forward.length - 1 - index] as number;
    if (Number.isNaN(value)) forward[index] = other;
    else if (!Number.isNaN(other)) forward[index] = (value + other) / 2;
  }
  return forward;
}

/** Long runs are smoothed more: about a fiftieth of the run, between 5 and 200 points. */
export function smoothingWeight(points: number): number {
  const reach = Math.min(200, Math.max(5, points / 50));
  return 1 - 1 / reach;
}
