import { count } from "@renderer/lib/format";
import { memo, useId, useMemo } from "react";
import { Cursor, nearestPlace, readingsAt } from "./cursor";
import { type ChartMark, type ChartPlace, Drawing } from "./drawing";
import { type ChartLine, margin, plotWidth, thinLines, xToPixel, yAxisOf } from "./geometry";
import { type ChartLink, useCursor, useRange } from "./link";
import type { Range } from "./thin";
import { ticksBetween, tickText, timeTicks } from "./ticks";
import { useGestures } from "./use-gestures";
import { useWidth } from "./use-width";

/** What lies on the x axis, and how it is written. */
export interface XAxis {
  /** A place in full: "Step 1,200". */
  readonly format: (value: number) => string;
  /** A tick; plain numbers when absent. */
  readonly formatTick?: (value: number) => string;
  /** Seconds are divided as on a clock. */
  readonly time?: boolean;
}

export interface LineChartProps {
  /** What the chart shows, for those who cannot see it. */
  readonly name: string;
  readonly lines: readonly ChartLine[];
  readonly marks?: readonly ChartMark[];
  readonly places?: readonly ChartPlace[];
  readonly height: number;
  readonly xAxis: XAxis;
  /** Where the x axis ends; charts of one link share it. */
  readonly xEnd: number;
  readonly link: ChartLink;
  readonly formatY: (value: number) => string;
  /** How the y axis is labelled; plain numbers when absent. */
  readonly formatTick?: (value: number) => string;
  readonly logarithmic?: boolean;
  readonly clip?: boolean;
  /** The curve in words. */
  readonly summary: string;
}

const noMarks: readonly ChartMark[] = [];
const noPlaces: readonly ChartPlace[] = [];

/**
 * Lines over a common axis, however many points they have: what is drawn depends on the width only. Nothing animates: live data
 * moves enough. Keep the properties stable; the drawing is made anew when one changes.
 */
export const LineChart = memo(function LineChart(props: LineChartProps) {
  const { name, lines, marks = noMarks, height, xAxis, xEnd, link, formatY, formatTick, summary } = props;
  const { places = noPlaces } = props;
  const { logarithmic = false, clip = false } = props;
  const [frame, width] = useWidth<HTMLDivElement>();
  const described = useId();
  const range = useRange(link);
  const full = useMemo((): Range => [0, xEnd], [xEnd]);
  const x = range ?? full;
  const thinned = useMemo(() => (width > 0 ? thinLines(lines, x, width) : []), [lines, x, width]);
  const plot = useMemo(
    () => ({
      width,
      height,
      x,
      y: yAxisOf(thinned, x, { height, logarithmic, clip, fromZero: range === null }),
    }),
    [thinned, x, width, height, logarithmic, clip, range],
  );
  const { selection, pointed, handlers } = useGestures({ element: frame, link, plot, lines, full });
  const ticks = useMemo(() => {
    const wanted = Math.max(3, width / 150);
    return (xAxis.time ? timeTicks(x[0], x[1], wanted) : ticksBetween(x[0], x[1], wanted)).values;
  }, [x, width, xAxis]);
  return (
    <figure className="min-w-0">
      <div
        ref={frame}
        role="application"
        aria-roledescription="chart"
        aria-label={name}
        aria-describedby={described}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a chart is worked by keys: arrows point, plus and minus zoom.
        tabIndex={0}
        style={{ height }}
        className="num relative min-w-0 touch-pan-y rounded-sm select-none"
        {...handlers}
      >
        {width > 0 && (
          <>
            <Drawing
              plot={plot}
              lines={thinned}
              marks={marks}
              places={places}
              xTicks={ticks}
              formatX={xAxis.formatTick ?? count}
              formatY={formatTick ?? ((value) => tickText(value, plot.y.step))}
            />
            {selection && (
              <div
                className="pointer-events-none absolute bg-accent/15"
                style={{
                  left: xToPixel(plot, selection[0]),
                  width: xToPixel(plot, selection[1]) - xToPixel(plot, selection[0]),
                  top: margin.top,
                  height: height - margin.top - margin.bottom,
                }}
              />
            )}
            <Cursor link={link} lines={lines} plot={plot} pointed={pointed} formatX={xAxis.format} formatY={formatY} />
          </>
        )}
      </div>
      <figcaption id={described} className="sr-only">
        {summary} Arrow keys read values, plus and minus zoom, Escape shows everything again.
      </figcaption>
      {pointed && <Spoken {...props} x={x} width={plotWidth(width)} />}
    </figure>
  );
});

/** The values at the cursor, read aloud as it moves. */
function Spoken({
  link,
  lines,
  xAxis,
  formatY,
  x,
  width,
}: LineChartProps & { readonly x: Range; readonly width: number }) {
  const cursor = useCursor(link);
  if (cursor === null) return null;
  const readings = readingsAt(lines, cursor, { width, x });
  const values = readings.map(({ line, y }) => `${line.name} ${formatY(y)}`);
  return (
    <p role="status" className="sr-only">
      {xAxis.format(nearestPlace(readings, cursor))}: {values.join(", ")}
    </p>
  );
}
