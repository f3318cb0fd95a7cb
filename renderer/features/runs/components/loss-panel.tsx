import { loss } from "@renderer/lib/format";
import { useThrottled } from "@renderer/lib/use-throttled";
import { type ChartSeries, Legend, LineChart } from "@renderer/ui/chart/line-chart";
import { Panel } from "@renderer/ui/panel";
import { Segmented } from "@renderer/ui/segmented";
import type { MetricPoint } from "@shared/models/run";
import { useMemo, useRef, useState } from "react";
import { type CurveAxis, lossRows } from "../hooks/curves";
import { describeLoss } from "../hooks/describe";
import { CurveMenu } from "./curve-menu";

const buckets = 240;
/** Drawing shares the processor with training: the numbers above are live, the curve follows once a second. */
const redrawMilliseconds = 1000;

const train: readonly ChartSeries[] = [
  { key: "raw", name: "Training, each step", color: "var(--chart-1)", width: 1, opacity: 0.35 },
  { key: "smooth", name: "Training, smoothed", color: "var(--chart-1)", width: 2 },
];
const validation: ChartSeries = {
  key: "validation",
  name: "Validation",
  color: "var(--chart-2)",
  width: 2,
  dash: "5 3",
  dots: true,
};

const axisNames: Readonly<Record<CurveAxis, string>> = { step: "Step", tokens: "Tokens", time: "Seconds" };

export function LossPanel({
  name,
  metrics: live,
}: {
  /** Of the run; saved files carry it. */
  readonly name: string;
  readonly metrics: readonly MetricPoint[];
}) {
  const metrics = useThrottled(live, redrawMilliseconds);
  const [scale, setScale] = useState<"linear" | "log">("linear");
  const [axis, setAxis] = useState<CurveAxis>("step");
  const frame = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => lossRows(metrics, buckets, axis), [metrics, axis]);
  const words = useMemo(() => describeLoss(metrics), [metrics]);
  const validated = rows.some((row) => row.validation !== null);
  const series = useMemo(() => (validated ? [...train, validation] : train), [validated]);
  return (
    <Panel
      title="Loss"
      actions={
        <div className="flex flex-wrap items-center gap-2">
          <Segmented
            label="Drawn over"
            value={axis}
            onChange={setAxis}
            options={[
              { value: "step", label: "Steps" },
              { value: "tokens", label: "Tokens" },
              { value: "time", label: "Time" },
            ]}
          />
          <Segmented
            label="Scale"
            value={scale}
            onChange={setScale}
            options={[
              { value: "linear", label: "Linear" },
              { value: "log", label: "Log" },
            ]}
          />
          <CurveMenu name={name} metrics={live} frame={frame} />
        </div>
      }
    >
      {rows.length === 0 ? (
        <p className="flex h-70 items-center justify-center text-ink-faint">The curve begins with the first step.</p>
      ) : (
        <div ref={frame}>
          <LineChart
            rows={rows}
            series={series}
            height={280}
            xName={axisNames[axis]}
            formatY={loss}
            logarithmic={scale === "log"}
            summary={words}
          />
          <div className="mt-2 flex flex-col gap-1.5">
            <Legend series={series} />
            <p aria-hidden className="num text-ink-soft">
              {words}
            </p>
          </div>
        </div>
      )}
    </Panel>
  );
}
