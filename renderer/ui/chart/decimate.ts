/**
 * Which points of a long series to draw: first, last, and the lowest and highest of every bucket, so that no spike is lost.
 * Returns ascending indices, at most `2 * buckets + 2`. Values that are not finite are skipped unless nothing else is there.
 */
export function keepIndices(values: ArrayLike<number>, buckets: number): number[] {
  const length = values.length;
  if (length <= 2 * buckets + 2 || buckets < 1) return Array.from({ length }, (_, index) => index);
  const kept: number[] = [0];
  const span = (length - 2) / buckets;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const from = 1 + Math.floor(bucket * span);
    const to = bucket === buckets - 1 ? length - 1 : 1 + Math.floor((bucket + 1) * span);
    let low = -1;
    let high = -1;
    for (let index = from; index < to; index += 1) {
      const value = values[index] as number;
      if (!Number.isFinite(value)) continue;
      if (low < 0 || value < (values[low] as number)) low = index;
      if (high < 0 || value > (values[high] as number)) high = index;
    }
    if (low < 0) continue;
    kept.push(Math.min(low, high));
    if (low !== high) kept.push(Math.max(low, high));
  }
  kept.push(length - 1);
  return kept;
}

/** Merges two ascending lists of indices without repeats. */
export function mergeIndices(a: readonly number[], b: readonly number[]): number[] {
  const merged: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i] ?? Number.POSITIVE_INFINITY;
    const right = b[j] ?? Number.POSITIVE_INFINITY;
    const next = Math.min(left, right);
    merged.push(next);
    if (left === next) i += 1;
    if (right === next) j += 1;
  }
  return merged;
}
