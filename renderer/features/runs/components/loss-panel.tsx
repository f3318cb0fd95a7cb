import { count, loss } from "@renderer/lib/format";
import type { ChartPlace } from "@renderer/ui/chart/drawing";
import type { ChartLine } from "@renderer/ui/chart/geometry";
import { LineChart } from "@renderer/ui/chart/line-chart";
import { Legend } from "@renderer/ui/chart/swatch";
import { Panel } from "@renderer/ui/panel";
import type { MetricPoint } from "@shared/models/run";
import { useMemo, useRef } from "react";
import { useLocation } from "wouter";
import { useCheckpoints } from "../api/checkpoints";
import { curveCsv } from "../hooks/curve-csv";
import { describeLoss } from "../hooks/describe";
import type { CurveAxis, RunCurves } from "../hooks/run-curves";
import { type CurveView, smoothingStrength, xAxes } from "../hooks/use-curve-view";
import { CurveControls } from "./curve-controls";
import { CurveMenu } from "./curve-menu";

export function LossPanel({
  runId,
  name,
  metrics,
  curves,
  view,
}: {
  readonly runId: string;
  readonly name: string;
  readonly metrics: readonly MetricPoint[];
  readonly curves: RunCurves;
  readonly view: CurveView;
}) {
  const { axis, smoothing, link } = view;
  const frame = useRef<HTMLDivElement>(null);
  const words = useMemo(() => describeLoss(metrics), [metrics]);
  const lines = useMemo(() => lossLines(curves, view), [curves, view]);
  const best = curves.best;
  const marks = useMemo(
    () =>
      best && curves.trace("validationLoss", axis).length > 1
        ? [
            {
              key: "best",
              x: curves.placeOf(best.step, axis),
              y: best.loss,
              color: "var(--chart-2)",
              text: `best ${loss(best.loss)}`,
            },
          ]
        : [],
    [best, curves, axis],
  );
  const places = useCheckpointPlaces(runId, curves, axis);
  return (
    <Panel
      title="Loss"
      actions={
        <div className="flex flex-wrap items-center gap-2">
          <CurveControls view={view} />
          <CurveMenu
            name={name}
            csv={() => curveCsv(metrics, curves.within(link.range, axis))}
            frame={frame}
            lines={lines}
            disabled={metrics.length === 0}
          />
        </div>
      }
    >
      {metrics.length === 0 ? (
        <p className="flex h-70 items-center justify-center text-ink-faint">The curve begins with the first step.</p>
      ) : (
        <div ref={frame}>
          <LineChart
            name={`Loss of ${name}`}
            lines={lines}
            marks={marks}
            places={places}
            height={280}
            xAxis={xAxes[axis]}
            xEnd={curves.end(axis)}
            link={link}
            formatY={loss}
            logarithmic={view.logarithmic}
            clip={view.clip}
            summary={words}
          />
          <div className="mt-2 flex flex-col gap-1.5">
            <div className="flex flex-wrap justify-between gap-x-6 gap-y-1">
              <Legend lines={lines} />
              <p className="text-xs text-ink-faint">
                Drag to zoom, or use Ctrl and the wheel; double-click to see all.
                {places.length > 0 && " A diamond is a checkpoint: press it to chat with it."}
              </p>
            </div>
            <p aria-hidden className="num text-ink-soft">
              {words}
              {smoothing !== "off" && view.clip && " Spikes beyond the frame are cut off."}
            </p>
          </div>
        </div>
      )}
    </Panel>
  );
}

/** Where the run can be gone back to. */
function useCheckpointPlaces(runId: string, curves: RunCurves, axis: CurveAxis): readonly ChartPlace[] {
  const checkpoints = useCheckpoints(runId).data;
  const [, go] = useLocation();
  return useMemo(
    () =>
      (checkpoints ?? []).map(({ step }) => ({
        key: String(step),
        x: curves.placeOf(step, axis),
        text: `Checkpoint of step ${count(step)}: chat with it beside base and end`,
        onPress: () => go("/playground", { state: { checkpoint: { runId, step } } }),
      })),
    [checkpoints, curves, axis, runId, go],
  );
}

/** The raw line stays under the smoothed one. */
function lossLines(curves: RunCurves, { axis, smoothing }: CurveView): readonly ChartLine[] {
  const color = "var(--chart-1)";
  const raw = curves.trace("trainLoss", axis);
  const validation = curves.trace("validationLoss", axis);
  const smooth = smoothing !== "off";
  return [
    {
      key: "raw",
      name: "Training, each step",
      trace: raw,
      color,
      width: smooth ? 1 : 1.5,
      opacity: smooth ? 0.35 : 1,
    },
    ...(smooth
      ? [
          {
            key: "smooth",
            name: "Training, smoothed",
            trace: curves.smoothed(axis, smoothingStrength[smoothing]),
            color,
            width: 2,
          },
        ]
      : []),
    ...(validation.length > 0
      ? [
          {
            key: "validation",
            name: "Validation",
            trace: validation,
            color: "var(--chart-2)",
            width: 2,
            dash: "5 3",
            dots: true,
          },
        ]
      : []),
  ];
}
