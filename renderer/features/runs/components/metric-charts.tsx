import { bytes, count, rate } from "@renderer/lib/format";
import { LineChart } from "@renderer/ui/chart/line-chart";
import { Panel } from "@renderer/ui/panel";
import type { MetricPoint } from "@shared/models/run";
import { memo, useMemo } from "react";
import { type MetricKey, metricRows } from "../hooks/curves";

const charts: readonly {
  readonly metric: MetricKey;
  readonly name: string;
  readonly format: (value: number) => string;
  readonly fromZero: boolean;
}[] = [
  { metric: "learningRate", name: "Learning rate", format: rate, fromZero: true },
  {
    metric: "gradientNorm",
    name: "Gradient norm",
    format: (value) => String(Number(value.toPrecision(3))),
    fromZero: true,
  },
  { metric: "tokensPerSecond", name: "Tokens per second", format: count, fromZero: true },
  { metric: "memoryBytes", name: "Memory", format: bytes, fromZero: true },
];

/** The smaller curves under the loss. */
export function MetricCharts({ metrics }: { readonly metrics: readonly MetricPoint[] }) {
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
  fromZero,
}: {
  readonly metrics: readonly MetricPoint[];
  readonly metric: MetricKey;
  readonly name: string;
  readonly format: (value: number) => string;
  readonly fromZero: boolean;
}) {
  const rows = useMemo(() => metricRows(metrics, metric, 120), [metrics, metric]);
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
        fromZero={fromZero}
        summary={`${name}: ${last === undefined ? "nothing yet" : `${format(last)} at the latest step`}.`}
      />
    </Panel>
  );
});
