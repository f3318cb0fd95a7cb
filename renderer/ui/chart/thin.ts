import { firstFrom, type Trace } from "./trace";

export type Range = readonly [from: number, to: number];

/**
 * Which points of a line to draw between two x: the lowest and the highest of each of `buckets` stretches, so that no spike is
 * lost, and the neighbour on either side, so that the line leaves the frame where it should. Returns ascending indices, at most
 * `2 * buckets + 2`; the work depends on `buckets`, hardly on the length of the line.
 */
export function thin(trace: Trace, [from, to]: Range, buckets: number): number[] {
  const begin = Math.max(0, firstFrom(trace, from) - 1);
  let end = firstFrom(trace, to);
  // Points exactly at the edge, and one behind it.
  while (end < trace.length && trace.x[end] === to) end += 1;
  end = Math.min(trace.length, end + 1);
  if (end - begin <= 2 * buckets + 2) return finite(trace, begin, end);
  const kept: number[] = finite(trace, begin, begin + 1);
  let start = begin + 1;
  for (let bucket = 1; bucket <= buckets && start < end - 1; bucket += 1) {
    const edge =
      bucket === buckets ? end - 1 : Math.min(end - 1, firstFrom(trace, from + ((to - from) * bucket) / buckets));
    if (edge <= start) continue;
    keepOf(trace, start, edge, kept);
    start = edge;
  }
  kept.push(...finite(trace, end - 1, end));
  return kept;
}

function keepOf(trace: Trace, from: number, to: number, kept: number[]): void {
  if (!trace.extremes) {
    if (Number.isFinite(trace.y[to - 1])) kept.push(to - 1);
    return;
  }
  const { low, high } = trace.extremes.within(from, to);
  if (low < 0) return;
  kept.push(Math.min(low, high));
  if (low !== high) kept.push(Math.max(low, high));
}

function finite(trace: Trace, from: number, to: number): number[] {
  const kept: number[] = [];
  for (let index = from; index < to; index += 1) if (Number.isFinite(trace.y[index])) kept.push(index);
  return kept;
}
