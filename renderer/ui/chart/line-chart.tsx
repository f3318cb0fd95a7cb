import { memo, type ReactNode, useId } from "react";
import { CartesianGrid, Line, LineChart as Recharts, Tooltip, XAxis, YAxis } from "recharts";
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
  /** Dots, for series with few points. */
  readonly dots?: boolean;
}

export interface LineChartProps {
  readonly rows: readonly ChartRow[];
  readonly series: readonly ChartSeries[];
  readonly height: number;
  readonly xName: string;
  readonly formatY: (value: number) => string;
  readonly logarithmic?: boolean;
  /** Starts the y axis at zero. */
  readonly fromZero?: boolean;
  /** The curve in words, for those who cannot see it. */
  readonly summary: string;
  readonly footer?: ReactNode;
}

const tick = { fill: "var(--ink-faint)", fontSize: 12 };

/** Draws rows that are already thinned to what the width can show. Nothing animates: live data moves enough. */
export const LineChart = memo(function LineChart({
  rows,
  series,
  height,
  xName,
  formatY,
  logarithmic = false,
  fromZero = false,
  summary,
  footer,
}: LineChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const id = useId();
  return (
    <figure aria-describedby={id} className="min-w-0">
      <div ref={frame} style={{ height }} aria-hidden className="num min-w-0 overflow-hidden">
        {width > 0 && (
          <Recharts
            width={width}
            height={height}
            data={rows as ChartRow[]}
            margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
            <XAxis
              dataKey="x"
              type="number"
              domain={["dataMin", "dataMax"]}
              tick={tick}
              tickLine={false}
              axisLine={{ stroke: "var(--line)" }}
              tickMargin={6}
              minTickGap={48}
              height={26}
              allowDecimals={false}
            />
            <YAxis
              width={52}
              tick={tick}
              tickLine={false}
              axisLine={false}
              tickFormatter={formatY}
              tickCount={height > 180 ? 6 : 4}
              scale={logarithmic ? "log" : "linear"}
              domain={logarithmic ? ["auto", "auto"] : [fromZero ? 0 : "auto", "auto"]}
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
                dot={line.dots && rows.length < 600 ? { r: 2.5, strokeWidth: 0, fill: line.color } : false}
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
      {footer}
    </figure>
  );
});

/** A short stroke as the series is drawn: colour, weight and dash. */
export function Swatch({ series }: { readonly series: ChartSeries | undefined }) {
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
