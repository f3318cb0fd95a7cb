import { type ChartLine, margin, type Plot, plotWidth, xToPixel, yToPixel } from "./geometry";
import { type ChartLink, useCursor } from "./link";
import { Swatch } from "./swatch";
import { nearest } from "./trace";

export interface Reading {
  readonly line: ChartLine;
  readonly x: number;
  readonly y: number;
}

/** What each line says nearest to a place, as far as it says anything there. */
export function readingsAt(lines: readonly ChartLine[], place: number, plot: Pick<Plot, "width" | "x">): Reading[] {
  const [from, to] = plot.x;
  // A value far away is no value of this place.
  const near = Math.max((to - from) / 40, (12 * (to - from)) / plotWidth(plot.width));
  return lines.flatMap((line) => {
    if (line.quiet) return [];
    const index = nearest(line.trace, place);
    if (index < 0) return [];
    const x = line.trace.x[index] as number;
    return Math.abs(x - place) > near ? [] : [{ line, x, y: line.trace.y[index] as number }];
  });
}

/**
 * The place that is pointed at, in this chart or in one linked to it: a rule, a dot on each line and, where the pointer is, the
 * values. It lies above the drawing, which does not change while the pointer moves.
 */
export function Cursor({
  link,
  lines,
  plot,
  pointed,
  formatX,
  formatY,
}: {
  readonly link: ChartLink;
  readonly lines: readonly ChartLine[];
  readonly plot: Plot;
  /** The pointer, or the keyboard's focus, is here. */
  readonly pointed: boolean;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}) {
  const cursor = useCursor(link);
  if (cursor === null || cursor < plot.x[0] || cursor > plot.x[1]) return null;
  const readings = readingsAt(lines, cursor, plot);
  const place = nearestPlace(readings, cursor);
  const at = xToPixel(plot, place);
  const left = at > margin.left + plotWidth(plot.width) / 2;
  return (
    <div className="pointer-events-none absolute inset-0 overflow-hidden" aria-hidden>
      <div
        className="absolute top-0 left-0 w-px bg-line-strong will-change-transform"
        style={{ height: plot.height - margin.bottom, transform: `translateX(${at}px)` }}
      />
      {readings.map(({ line, x, y }) => {
        const top = yToPixel(plot, y);
        if (top < margin.top - 1 || top > plot.height - margin.bottom + 1) return null;
        return (
          <div
            key={line.key}
            className="absolute top-0 left-0 -mt-1 -ml-1 size-2 rounded-full border border-surface will-change-transform"
            style={{ background: line.color, transform: `translate(${xToPixel(plot, x)}px, ${top}px)` }}
          />
        );
      })}
      {pointed && readings.length > 0 && (
        <div
          className="num absolute top-1 max-w-72 rounded-md border border-line bg-raised px-2.5 py-1.5 text-sm shadow-pop"
          style={left ? { right: plot.width - at + 12 } : { left: at + 12 }}
        >
          <p className="text-ink-faint">{formatX(place)}</p>
          {readings.map(({ line, y }) => (
            <p key={line.key} className="flex items-center justify-between gap-4">
              <span className="flex min-w-0 items-center gap-1.5">
                <Swatch line={line} />
                <span className="truncate">{line.name}</span>
              </span>
              <span className="font-medium">{formatY(y)}</span>
            </p>
          ))}
        </div>
      )}
    </div>
  );
}

/** The x of a real point: the densest line's, which is nearest. */
export function nearestPlace(readings: readonly Reading[], cursor: number): number {
  let best = cursor;
  let distance = Number.POSITIVE_INFINITY;
  for (const { x } of readings) {
    if (Math.abs(x - cursor) < distance) {
      best = x;
      distance = Math.abs(x - cursor);
    }
  }
  return best;
}
