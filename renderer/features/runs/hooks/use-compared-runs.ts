import { useThrottled } from "@renderer/lib/use-throttled";
import type { Stroke } from "@renderer/ui/chart/swatch";
import type { MetricPoint, RunRecord } from "@shared/models/run";
import { useQueries } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { historyQuery, useRuns } from "../api/runs";
import { CurveFollower, type RunCurves } from "./run-curves";
import { strokeAt } from "./strokes";

/** A run of a comparison, with its curves once they are here. */
export interface ComparedRun {
  readonly run: RunRecord;
  readonly stroke: Stroke;
  readonly metrics: readonly MetricPoint[];
  readonly curves: RunCurves | null;
  readonly error: Error | null;
}

/** As long as runs are at work, their curves follow at this pace. */
const redrawMilliseconds = 1000;

/** The runs by these ids, in that order; what is no longer there is left out. */
export function useComparedRuns(ids: readonly string[]): {
  readonly runs: readonly ComparedRun[];
  readonly missing: number;
} {
  const records = useRuns().data;
  const found = useMemo(() => ids.flatMap((id) => records?.find((run) => run.id === id) ?? []), [ids, records]);
  const queries = useQueries({ queries: found.map(({ id }) => historyQuery(id)) });
  const metrics = useThrottled(useSame(queries.map(({ data }) => data?.metrics)), redrawMilliseconds);
  const errors = useSame(queries.map(({ error }) => error));
  const [followers] = useState(() => new Map<string, CurveFollower>());
  const runs = useMemo(
    () =>
      found.map((run, place): ComparedRun => {
        const own = metrics[place];
        const follower = followers.get(run.id) ?? new CurveFollower();
        followers.set(run.id, follower);
        return {
          run,
          stroke: strokeAt(ids.indexOf(run.id)),
          metrics: own ?? [],
          curves: own ? follower.follow(own) : null,
          error: errors[place] ?? null,
        };
      }),
    [found, metrics, errors, followers, ids],
  );
  return { runs, missing: records ? ids.length - found.length : 0 };
}

/** The same list as before as long as it holds the same. */
function useSame<Item>(list: readonly Item[]): readonly Item[] {
  const last = useRef(list);
  if (list.length !== last.current.length || list.some((item, at) => item !== last.current[at])) last.current = list;
  return last.current;
}
