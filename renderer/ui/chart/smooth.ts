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

/**
 * Smoothing forwards and backwards together: calm, and without lagging behind a curve that falls. Each way counts as much as it has
 * gathered at a point, so that neither end hangs on its one raw value.
 */
export function smoothBothWays(values: ArrayLike<number>, weight: number): Float64Array {
  const forward = smooth(values, weight);
  const backward = smooth(Float64Array.from(values).reverse(), weight);
  const { length } = forward;
  const gathered = new Float64Array(length);
  let rest = 1;
  for (let index = 0; index < length; index += 1) {
    rest *= weight;
    gathered[index] = 1 - rest;
  }
  for (let index = 0; index < length; index += 1) {
    const value = forward[index] as number;
    const other = backward[length - 1 - index] as number;
    const here = gathered[index] as number;
    const ahead = gathered[length - 1 - index] as number;
    if (Number.isNaN(value)) forward[index] = other;
    else if (!Number.isNaN(other)) forward[index] = (here * value + ahead * other) / (here + ahead);
  }
  return forward;
}

/** Long runs are smoothed more: about a fiftieth of the run, between 5 and 200 points. */
export function smoothingWeight(points: number): number {
  const reach = Math.min(200, Math.max(5, points / 50));
  return 1 - 1 / reach;
}
