import { bytes, count, rate } from "@renderer/lib/format";
import { useThrottled } from "@renderer/lib/use-throttled";
import { LineChart } from "@renderer/ui/chart/line-chart";
import { Panel } from "@renderer/ui/panel";
import type { MetricPoint } from "@shared/models/run";
import { memo, useMemo } from "react";
import { type MetricKey, metricRows } from "../hooks/curves";

const charts: readonly {
  readonly metric: MetricKey;
  readonly name: string;
  readonly format: (value: number) => string;
}[] = [
  { metric: "learningRate", name: "Learning rate", format: rate },
  {
    metric: "gradientNorm",
    name: "Gradient norm",
    format: (value) => String(Number(value.toPrecision(3))),
  },
  { metric: "tokensPerSecond", name: "Tokens per second", format: count },
  { metric: "memoryBytes", name: "Memory", format: bytes },
];

const redrawMilliseconds = 3000;

/** The smaller curves under the loss. */
export function MetricCharts({ metrics: live }: { readonly metrics: readonly MetricPoint[] }) {
  const metrics = useThrottled(live, redrawMilliseconds);
  if (metrics.length < 2) return null;
  return (
    <div className="grid grid-cols-2 gap-3 xl:grid-cols-4">
      {charts.map((chart) => (
        <SmallChart key={chart.metric} metrics={metrics} {...chart} />
      ))}
    </div>
  );
}

const SmallChart = memo(function SmallChart({
  metrics,
  metric,
  name,
  format,
}: {
  readonly metrics: readonly MetricPoint[];
  readonly metric: MetricKey;
  readonly name: string;
  readonly format: (value: number) => string;
}) {
  const rows = useMemo(() => metricRows(metrics, metric, 60), [metrics, metric]);
  const series = useMemo(() => [{ key: "value", name, color: "var(--chart-1)", width: 1.5 }], [name]);
  const last = metrics.at(-1)?.[metric];
  return (
    <Panel
      title={<span className="text-sm font-medium">{name}</span>}
      note={last !== undefined && <span className="num">{format(last)}</span>}
    >
      <LineChart
        rows={rows}
        series={series}
        height={110}
        xName="Step"
        formatY={format}
        formatTick={(value) => format(value).replace(/\.0+(?=\D|$)/, "")}
        summary={`${name}: ${last === undefined ? "nothing yet" : `${format(last)} at the latest step`}.`}
      />
    </Panel>
  );
});
