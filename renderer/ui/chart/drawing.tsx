import { memo, useId } from "react";
import { margin, type Plot, pathOf, plotWidth, type ThinLine, xToPixel, yToPixel } from "./geometry";
import { strokeOf } from "./swatch";
import type { Trace } from "./trace";

/** A point that stands out. */
export interface ChartMark {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly color: string;
  /** Stands beside it. */
  readonly text?: string;
}

/** A place on the x axis that can be pressed. What it does must be there for the keyboard elsewhere. */
export interface ChartPlace {
  readonly key: string;
  readonly x: number;
  /** Shown while it is pointed at. */
  readonly text: string;
  readonly onPress: () => void;
}

export interface DrawingProps {
  readonly plot: Plot;
  readonly lines: readonly ThinLine[];
  readonly marks: readonly ChartMark[];
  readonly places: readonly ChartPlace[];
  readonly xTicks: readonly number[];
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}

const mostDots = 24;

/** Axes and lines. Everything is redrawn when anything changes, which the thinned lines make cheap. */
export const Drawing = memo(function Drawing({ plot, lines, marks, places, xTicks, formatX, formatY }: DrawingProps) {
  const clip = useId();
  const { width, height, x, y } = plot;
  const bottom = height - margin.bottom;
  const label = { fill: "var(--ink-faint)", fontSize: 12 };
  return (
    <svg className="chart absolute inset-0" width={width} height={height} aria-hidden>
      <defs>
        <clipPath id={clip}>
          <rect x={margin.left} y={margin.top - 2} width={plotWidth(width)} height={bottom - margin.top + 3} />
        </clipPath>
      </defs>
      {y.ticks.map((tick) => {
        const at = Math.round(yToPixel(plot, tick)) + 0.5;
        return (
          <g key={tick}>
            <line x1={margin.left} x2={width - margin.right} y1={at} y2={at} stroke="var(--chart-grid)" />
            <text x={margin.left - 8} y={at + 4} textAnchor="end" {...label}>
              {formatY(tick)}
            </text>
          </g>
        );
      })}
      <line x1={margin.left} x2={width - margin.right} y1={bottom + 0.5} y2={bottom + 0.5} stroke="var(--line)" />
      {xTicks.map((tick) => (
        <text key={tick} x={xToPixel(plot, tick)} y={height - 8} textAnchor="middle" {...label}>
          {formatX(tick)}
        </text>
      ))}
      <g clipPath={`url(#${clip})`} fill="none">
        {lines.map((thinned) => (
          <path
            key={thinned.line.key}
            data-points={thinned.points.length}
            d={pathOf(thinned, plot)}
            strokeLinejoin="round"
            {...strokeOf(thinned.line)}
          />
        ))}
        {lines.flatMap(({ line, points }) =>
          line.dots && points.length <= mostDots
            ? points.map((index) => <Dot key={`${line.key} ${index}`} plot={plot} line={line} index={index} />)
            : [],
        )}
      </g>
      {marks.map((mark) => mark.x >= x[0] && mark.x <= x[1] && <Mark key={mark.key} plot={plot} mark={mark} />)}
      {places.map((place) => place.x >= x[0] && place.x <= x[1] && <Place key={place.key} plot={plot} place={place} />)}
    </svg>
  );
});

function Dot({ plot, line, index }: { plot: Plot; line: { trace: Trace; color: string }; index: number }) {
  const { x, y } = line.trace;
  return (
    <circle
      cx={xToPixel(plot, x[index] as number)}
      cy={yToPixel(plot, y[index] as number)}
      r={2.5}
      fill={line.color}
      stroke="none"
    />
  );
}

/** A diamond on the axis, larger to the pointer than to the eye. */
function Place({ plot, place }: { readonly plot: Plot; readonly place: ChartPlace }) {
  const x = xToPixel(plot, place.x);
  const y = plot.height - margin.bottom;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the drawing is hidden from readers; a list has the same as buttons.
    <g className="cursor-pointer" onPointerDown={(event) => event.stopPropagation()} onClick={place.onPress}>
      <title>{place.text}</title>
      <rect x={x - 9} y={y - 9} width={18} height={18} fill="transparent" />
      <path
        d={`M${x} ${y - 5} L${x + 5} ${y} L${x} ${y + 5} L${x - 5} ${y} Z`}
        fill="var(--surface)"
        stroke="var(--accent)"
        strokeWidth={1.75}
      />
    </g>
  );
}

/** A ring around the point, and its name where there is room. */
function Mark({ plot, mark }: { readonly plot: Plot; readonly mark: ChartMark }) {
  const x = xToPixel(plot, mark.x);
  const y = yToPixel(plot, mark.y);
  if (y < margin.top || y > plot.height - margin.bottom) return null;
  const left = x > plot.width / 2;
  const above = y > margin.top + 26;
  return (
    <g>
      <circle cx={x} cy={y} r={5} fill="none" stroke={mark.color} strokeWidth={2} />
      {mark.text && (
        <text
          x={x + (left ? -9 : 9)}
          y={y + (above ? -9 : 18)}
          textAnchor={left ? "end" : "start"}
          fill="var(--ink)"
          stroke="var(--surface)"
          strokeWidth={3}
          paintOrder="stroke"
          fontSize={12}
        >
          {mark.text}
        </text>
      )}
    </g>
  );
}
