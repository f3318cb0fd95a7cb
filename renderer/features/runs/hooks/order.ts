import type { RunRecord, RunState } from "@shared/models/run";

const rank: Record<RunState, number> = { running: 0, queued: 1, paused: 2, failed: 3, done: 3, cancelled: 3 };

/** What is at work first, then the queue in its order, then what is paused, then the rest with the newest first. */
export function inOrder(runs: readonly RunRecord[]): readonly RunRecord[] {
  return [...runs].sort((a, b) => {
    const byState = rank[a.state] - rank[b.state];
    if (byState !== 0) return byState;
    if (a.state === "queued") return a.position - b.position;
    return Date.parse(b.finishedAt ?? b.createdAt) - Date.parse(a.finishedAt ?? a.createdAt);
  });
}

/** The place of a waiting run, counted from 1; null for one that does not wait. */
export function placeInQueue(runs: readonly RunRecord[], id: string): number | null {
  const queue = runs.filter((run) => run.state === "queued").sort((a, b) => a.position - b.position);
  const at = queue.findIndex((run) => run.id === id);
  return at < 0 ? null : at + 1;
}
