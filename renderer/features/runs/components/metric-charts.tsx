import { LineChart } from "@renderer/ui/chart/line-chart";
import { type ChartLink, useCursor } from "@renderer/ui/chart/link";
import { nearest, type Trace } from "@renderer/ui/chart/trace";
import { Panel } from "@renderer/ui/panel";
import { memo, useMemo } from "react";
import { type MetricFace, metricFaces } from "../hooks/metric-faces";
import type { RunCurves } from "../hooks/run-curves";
import { type CurveView, xAxes } from "../hooks/use-curve-view";

/** The smaller curves under the loss. */
export function MetricCharts({ curves, view }: { readonly curves: RunCurves; readonly view: CurveView }) {
  if (curves.length < 2) return null;
  return (
    <div className="grid grid-cols-2 gap-3 xl:grid-cols-4">
      {metricFaces.map((face) => (
        <SmallChart key={face.metric} face={face} curves={curves} view={view} />
      ))}
    </div>
  );
}

const SmallChart = memo(function SmallChart({
  face: { metric, name, format, formatTick },
  curves,
  view: { axis, clip, link },
}: {
  readonly face: MetricFace;
  readonly curves: RunCurves;
  readonly view: CurveView;
}) {
  const trace = curves.trace(metric, axis);
  const lines = useMemo(
    () => [{ key: metric, name, trace, color: "var(--chart-1)", width: 1.5 }],
    [metric, name, trace],
  );
  const last = trace.y[trace.length - 1];
  return (
    <Panel
      title={<span className="text-sm font-medium">{name}</span>}
      note={<ValueHere trace={trace} link={link} format={format} />}
    >
      <LineChart
        name={name}
        lines={lines}
        height={110}
        xAxis={xAxes[axis]}
        xEnd={curves.end(axis)}
        link={link}
        formatY={format}
        formatTick={formatTick}
        clip={clip}
        summary={`${name}: ${last === undefined ? "nothing yet" : `${format(last)} at the latest step`}.`}
      />
    </Panel>
  );
});

/** The value at the place that is pointed at, else the latest. */
function ValueHere({
  trace,
  link,
  format,
}: {
  readonly trace: Trace;
  readonly link: ChartLink;
  readonly format: (value: number) => string;
}) {
  const cursor = useCursor(link);
  const index = cursor === null ? trace.length - 1 : nearest(trace, cursor);
  const value = trace.y[index];
  return index >= 0 && value !== undefined ? <span className="num">{format(value)}</span> : null;
}
