import type { Range } from "./thin";

/** The smallest part of the whole that can be looked at. */
const closest = 1e-5;

/** `range` within `full`, as wide as it was where that is possible; null when it shows everything. */
export function clampRange([from, to]: Range, full: Range): Range | null {
  const whole = full[1] - full[0];
  const width = Math.max(to - from, whole * closest);
  if (!(width < whole)) return null;
  const start = Math.min(Math.max(from, full[0]), full[1] - width);
  return [start, start + width];
}

/** Wider or (`factor` below 1) closer around the place `at`, which stays where it is on the screen. */
export function zoomRange([from, to]: Range, at: number, factor: number, full: Range): Range | null {
  const centre = Math.min(Math.max(at, from), to);
  return clampRange([centre - (centre - from) * factor, centre + (to - centre) * factor], full);
}

/** Moved by a share of its own width. */
export function panRange([from, to]: Range, share: number, full: Range): Range | null {
  const by = (to - from) * share;
  return clampRange([from + by, to + by], full);
}
