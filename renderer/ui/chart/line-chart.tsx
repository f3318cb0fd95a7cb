import { count } from "@renderer/lib/format";
import { memo, useId, useMemo } from "react";
import { CartesianGrid, Line, LineChart as Recharts, ReferenceDot, Tooltip, XAxis, YAxis } from "recharts";
import { logTicks, ticksUpTo, tickText } from "./ticks";
import { useWidth } from "./use-width";

export interface ChartRow {
  readonly x: number;
  readonly [series: string]: number | null;
}

export interface ChartSeries {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  readonly width?: number;
  readonly opacity?: number;
  readonly dash?: string;
  /** Dots on the points, as long as they are few. */
  readonly dots?: boolean;
}

export interface LineChartProps {
  readonly rows: readonly ChartRow[];
  readonly series: readonly ChartSeries[];
  readonly height: number;
  readonly xName: string;
  readonly formatY: (value: number) => string;
  readonly logarithmic?: boolean;
  /** How the y axis is labelled; plain numbers when absent. */
  readonly formatTick?: (value: number) => string;
  /** The curve in words, for those who cannot see it. */
  readonly summary: string;
}

const tick = { fill: "var(--ink-faint)", fontSize: 12 };

/**
 * Draws rows that are already thinned to what the width can show. Nothing animates: live data moves enough. Drawing is the dearest
 * thing in the window, so it happens only when a property changes: keep them stable.
 */
export const LineChart = memo(function LineChart({
  rows,
  series,
  height,
  xName,
  formatY,
  logarithmic = false,
  formatTick,
  summary,
}: LineChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const id = useId();
  const lastX = rows.at(-1)?.x ?? 1;
  const xTicks = useMemo(
    () => ticksUpTo(lastX, Math.max(3, width / 150)).values.filter((x) => x <= lastX),
    [lastX, width],
  );
  const y = useMemo(() => yAxis(rows, series, logarithmic, height), [rows, series, logarithmic, height]);
  return (
    <figure aria-describedby={id} className="min-w-0">
      <div ref={frame} style={{ height }} aria-hidden className="num min-w-0 overflow-hidden">
        {width > 0 && (
          <Recharts
            width={width}
            height={height}
            data={rows as ChartRow[]}
            margin={{ top: 8, right: 22, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
            <XAxis
              dataKey="x"
              type="number"
              domain={[0, lastX]}
              ticks={xTicks}
              interval={0}
              tick={tick}
              tickLine={false}
              axisLine={{ stroke: "var(--line)" }}
              tickMargin={6}
              tickFormatter={count}
              height={26}
              allowDecimals={false}
            />
            <YAxis
              width={56}
              tick={tick}
              tickLine={false}
              axisLine={false}
              tickFormatter={formatTick ?? ((value: number) => tickText(value, y.step))}
              ticks={y.ticks}
              interval={0}
              scale={logarithmic ? "log" : "linear"}
              domain={y.domain}
              allowDataOverflow={logarithmic}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: "var(--line-strong)", strokeDasharray: "3 3" }}
              content={({ active, payload, label }) =>
                active && payload?.length ? (
                  <div className="num rounded-md border border-line bg-raised px-2.5 py-1.5 text-sm shadow-pop">
                    <p className="text-ink-faint">
                      {xName} {String(label)}
                    </p>
                    {payload.map(
                      (item) =>
                        typeof item.value === "number" && (
                          <p key={String(item.dataKey)} className="flex items-center justify-between gap-4">
                            <span className="flex items-center gap-1.5">
                              <Swatch series={series.find(({ key }) => key === item.dataKey)} />
                              {item.name}
                            </span>
                            <span className="font-medium">{formatY(item.value)}</span>
                          </p>
                        ),
                    )}
                  </div>
                ) : null
              }
            />
            {series.flatMap((line) => (line.dots ? marks(rows, line) : []))}
            {series.map((line) => (
              <Line
                key={line.key}
                dataKey={line.key}
                name={line.name}
                type="linear"
                stroke={line.color}
                strokeWidth={line.width ?? 1.75}
                strokeOpacity={line.opacity ?? 1}
                {...(line.dash ? { strokeDasharray: line.dash } : {})}
                dot={false}
                activeDot={{ r: 3.5, strokeWidth: 0, fill: line.color }}
                connectNulls
                isAnimationActive={false}
              />
            ))}
          </Recharts>
        )}
      </div>
      <figcaption id={id} className="sr-only">
        {summary}
      </figcaption>
    </figure>
  );
});

const mostMarks = 24;

/** Dots on the points of a series that has few of them: a lone point has no line. */
function marks(rows: readonly ChartRow[], line: ChartSeries) {
  const points = rows.filter((row) => row[line.key] != null);
  if (points.length > mostMarks) return [];
  return points.map((row) => (
    <ReferenceDot key={row.x} x={row.x} y={row[line.key] ?? 0} r={2.5} fill={line.color} stroke="none" />
  ));
}

function yAxis(rows: readonly ChartRow[], series: readonly ChartSeries[], logarithmic: boolean, height: number) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    for (const { key } of series) {
      const value = row[key];
      if (value === null || value === undefined || (logarithmic && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (logarithmic && low > 0 && high > low)
    return { ticks: [...logTicks(low, high)], step: low, domain: [low * 0.9, high * 1.05] };
  const { values, step } = ticksUpTo(high, height > 180 ? 5 : 2);
  return { ticks: [...values], step, domain: [0, values.at(-1) ?? 1] };
}

/** A short stroke as the series is drawn: colour, weight and dash. */
function Swatch({ series }: { readonly series: ChartSeries | undefined }) {
  if (!series) return null;
  return (
    <svg width="18" height="8" aria-hidden className="shrink-0">
      <line
        x1="1"
        y1="4"
        x2="17"
        y2="4"
        stroke={series.color}
        strokeWidth={series.width ?? 1.75}
        strokeOpacity={series.opacity ?? 1}
        {...(series.dash ? { strokeDasharray: series.dash } : {})}
      />
    </svg>
  );
}

export function Legend({ series }: { readonly series: readonly ChartSeries[] }) {
  return (
    <ul aria-label="Legend" className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-soft">
      {series.map((line) => (
        <li key={line.key} className="flex items-center gap-1.5">
          <Swatch series={line} />
          {line.name}
        </li>
      ))}
    </ul>
  );
}
