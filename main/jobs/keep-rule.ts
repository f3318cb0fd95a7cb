export interface KeptFile {
  readonly step: number;
  readonly bytes: number;
}

/** Places to go back to on one curve: more are hard to tell apart. */
export const mostKept = 12;
const mostKeptBytes = 2e9;
/** Of all finished runs together; the oldest let go of theirs first. */
const mostKeptBytesOfAll = 20e9;
/** Share of what would be free without them: places to go back to must not be what fills a disk. */
const shareOfRoom = 0.25;

/** Both limits in bytes, on a disk with so much room beside `kept`, which lies on it. */
export function byteLimits(freeBytes: number, kept: number): { readonly run: number; readonly all: number } {
  const room = shareOfRoom * (freeBytes + kept);
  return { run: Math.min(mostKeptBytes, room), all: Math.min(mostKeptBytesOfAll, room) };
}

/**
 * Which checkpoints of a run are let go of. Kept are the newest, the best (nearest to the lowest validation loss) and, of the
 * others, as many as fit within both limits, spread over the run: the one whose neighbours lie closest together goes first.
 */
export function surplus(
  files: readonly KeptFile[],
  bestStep: number | null,
  limits: { readonly count: number; readonly bytes: number },
): readonly number[] {
  const left = [...files].sort((one, other) => one.step - other.step);
  const newest = left.at(-1)?.step;
  const best = nearest(left, bestStep);
  const gone: number[] = [];
  const tooMuch = () => left.length > limits.count || left.reduce((sum, { bytes }) => sum + bytes, 0) > limits.bytes;
  while (tooMuch()) {
    let victim = -1;
    let closest = Number.POSITIVE_INFINITY;
    for (const [index, { step }] of left.entries()) {
      if (step === newest || step === best) continue;
      const gap = (left[index + 1]?.step ?? step) - (left[index - 1]?.step ?? 0);
      if (gap >= closest) continue;
      closest = gap;
      victim = index;
    }
    const [file] = victim < 0 ? [] : left.splice(victim, 1);
    if (!file) break;
    gone.push(file.step);
  }
  return gone;
}

/** Which finished runs let go of all that they keep. `runs` come with the newest first. */
export function oldestSurplus(
  runs: readonly { readonly id: string; readonly bytes: number }[],
  limit: number,
): readonly string[] {
  let sum = 0;
  const gone: string[] = [];
  for (const { id, bytes } of runs) {
    sum += bytes;
    if (bytes > 0 && sum > limit) gone.push(id);
  }
  return gone;
}

/** The step of the file that lies nearest to `step`, the earlier of two. */
export function nearest(files: readonly Pick<KeptFile, "step">[], step: number | null): number | null {
  if (step === null) return null;
  let found: number | null = null;
  for (const file of files) {
    if (found === null || Math.abs(file.step - step) < Math.abs(found - step)) found = file.step;
  }
  return found;
}
