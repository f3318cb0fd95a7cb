import type { MetricPoint, RunHistory, RunLogLine, RunSample } from "@shared/models/run";

export interface Growth {
  readonly metrics: readonly MetricPoint[];
  readonly samples: readonly RunSample[];
  readonly log: readonly RunLogLine[];
}

/**
 * A history with its news appended. Safe to apply twice, and right when a run goes on from a checkpoint: points from the first new
 * step on are replaced.
 */
export function appendGrowth(history: RunHistory, growth: Growth): RunHistory {
  return {
    metrics: appendFromStep(history.metrics, growth.metrics),
    samples: appendSamples(history.samples, growth.samples),
    log: appendLog(history.log, growth.log),
  };
}

function appendFromStep(old: readonly MetricPoint[], fresh: readonly MetricPoint[]): readonly MetricPoint[] {
  const first = fresh[0];
  if (!first) return old;
  let end = old.length;
  while (end > 0 && (old[end - 1] as MetricPoint).step >= first.step) end -= 1;
  return end === old.length ? [...old, ...fresh] : [...old.slice(0, end), ...fresh];
}

function appendSamples(old: readonly RunSample[], fresh: readonly RunSample[]): readonly RunSample[] {
  if (fresh.length === 0) return old;
  const key = (sample: RunSample) => `${sample.step} ${sample.prompt}`;
  const replaced = new Set(fresh.map(key));
  return [...old.filter((sample) => !replaced.has(key(sample))), ...fresh];
}

function appendLog(old: readonly RunLogLine[], fresh: readonly RunLogLine[]): readonly RunLogLine[] {
  if (fresh.length === 0) return old;
  const recent = new Set(old.slice(-200).map((line) => `${line.time} ${line.text}`));
  const unseen = fresh.filter((line) => !recent.has(`${line.time} ${line.text}`));
  return unseen.length === 0 ? old : [...old, ...unseen];
}
