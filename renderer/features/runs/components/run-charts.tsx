import { useThrottled } from "@renderer/lib/use-throttled";
import type { MetricPoint } from "@shared/models/run";
import { useMemo, useState } from "react";
import { CurveFollower } from "../hooks/run-curves";
import { useCurveView } from "../hooks/use-curve-view";
import { LossPanel } from "./loss-panel";
import { MetricCharts } from "./metric-charts";

/** Drawing shares the processor with training: the numbers above are live, the curves follow once a second. */
const redrawMilliseconds = 1000;

/** All curves of a run, pointed at and zoomed together. */
export function RunCharts({
  runId,
  name,
  metrics: live,
}: {
  readonly runId: string;
  /** Of the run; saved files carry it. */
  readonly name: string;
  readonly metrics: readonly MetricPoint[];
}) {
  const metrics = useThrottled(live, redrawMilliseconds);
  const [follower] = useState(() => new CurveFollower());
  const curves = useMemo(() => follower.follow(metrics), [follower, metrics]);
  const view = useCurveView();
  return (
    <>
      <LossPanel runId={runId} name={name} metrics={metrics} curves={curves} view={view} />
      <MetricCharts curves={curves} view={view} />
    </>
  );
}
