import { type Range, thin } from "./thin";
import { logTicks, ticksBetween, ticksUpTo } from "./ticks";
import { firstFrom, type Trace } from "./trace";

/** The frame of the plot inside the drawing, in pixels. */
export const margin = { top: 8, right: 22, bottom: 26, left: 56 } as const;

export interface ChartLine {
  readonly key: string;
  readonly name: string;
  readonly trace: Trace;
  readonly color: string;
  readonly width?: number;
  readonly opacity?: number;
  readonly dash?: string;
  /** Dots on the points, as long as they are few. */
  readonly dots?: boolean;
  /** Left out of legend and tooltip: another line stands for it. */
  readonly quiet?: boolean;
}

export interface YAxis {
  readonly domain: Range;
  readonly ticks: readonly number[];
  readonly step: number;
  readonly logarithmic: boolean;
}

export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly x: Range;
  readonly y: YAxis;
}

export const plotWidth = (width: number) => Math.max(1, width - margin.left - margin.right);
const plotHeight = (height: number) => Math.max(1, height - margin.top - margin.bottom);

export const xToPixel = ({ width, x: [from, to] }: Pick<Plot, "width" | "x">, x: number) =>
  margin.left + (plotWidth(width) * (x - from)) / (to - from || 1);

export const pixelToX = ({ width, x: [from, to] }: Pick<Plot, "width" | "x">, pixel: number) =>
  from + ((to - from) * (pixel - margin.left)) / plotWidth(width);

export function yToPixel({ height, y: { domain, logarithmic } }: Pick<Plot, "height" | "y">, y: number): number {
  const at = logarithmic ? Math.log : (value: number) => value;
  const [low, high] = [at(domain[0]), at(domain[1])];
  // What no logarithm reaches lies at the bottom.
  const value = logarithmic && y <= 0 ? low : at(y);
  return margin.top + plotHeight(height) * (1 - (value - low) / (high - low || 1));
}

/** A line as it is drawn: the points that its width can show. */
export interface ThinLine {
  readonly line: ChartLine;
  readonly points: readonly number[];
}

export function thinLines(lines: readonly ChartLine[], x: Range, width: number): readonly ThinLine[] {
  // Between two pixels nothing can be told apart.
  const buckets = Math.ceil(plotWidth(width));
  return lines.map((line) => ({ line, points: thin(line.trace, x, buckets) }));
}

/** The path of a line through its points; tenths of pixels are fine enough. */
export function pathOf({ line: { trace }, points }: ThinLine, plot: Plot): string {
  let path = "";
  for (const index of points) {
    const x = Math.round(10 * xToPixel(plot, trace.x[index] as number)) / 10;
    const y = Math.round(10 * yToPixel(plot, trace.y[index] as number)) / 10;
    // Far outside of the frame all points look the same; huge numbers only upset the painter.
    path += `${path === "" ? "M" : "L"}${x} ${Math.min(Math.max(y, -10_000), 10_000)}`;
  }
  return path;
}

export interface YAxisOptions {
  readonly height: number;
  readonly logarithmic: boolean;
  /** Spikes do not decide how much of the rest can be seen. */
  readonly clip: boolean;
  /** The axis begins at 0; else it fits what is seen. */
  readonly fromZero: boolean;
}

/** What the y axis spans so that the lines fill the frame. */
export function yAxisOf(lines: readonly ThinLine[], x: Range, options: YAxisOptions): YAxis {
  const { height, logarithmic, clip, fromZero } = options;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const thinned of lines) {
    const [lowest, highest] = clip ? commonOf(thinned.line.trace, x, logarithmic) : extremesOf(thinned, logarithmic);
    if (lowest < low) low = lowest;
    if (highest > high) high = highest;
  }
  const wanted = height > 180 ? 5 : fromZero ? 2 : 3;
  if (logarithmic && low > 0 && high > low) {
    const ticks = logTicks(low, high);
    return { domain: [low * 0.9, high * 1.05], ticks, step: low, logarithmic };
  }
  if (fromZero || !(high > low)) {
    const { values, step } = ticksUpTo(high, wanted);
    return { domain: [0, values.at(-1) ?? 1], ticks: values, step, logarithmic: false };
  }
  const room = (high - low) * 0.06;
  const domain: Range = [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
  const { values, step } = ticksBetween(domain[0], domain[1], wanted);
  return { domain, ticks: values, step, logarithmic: false };
}

function extremesOf({ line: { trace }, points }: ThinLine, positive: boolean): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const index of points) {
    const value = trace.y[index] as number;
    if (positive && value <= 0) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

const sampleSize = 1500;
/** Fewer points than this have no outliers. */
const fewest = 50;

/** Between which values 98 of a hundred points of the stretch lie, judged by a sample of it. */
function commonOf(trace: Trace, [from, to]: Range, positive: boolean): Range {
  const values: number[] = [];
  const begin = firstFrom(trace, from);
  const end = firstFrom(trace, to);
  const step = Math.max(1, Math.ceil((end - begin) / sampleSize));
  for (let index = begin; index <= Math.min(end, trace.length - 1); index += step) {
    const value = trace.y[index] as number;
    if (Number.isFinite(value) && (value > 0 || !positive)) values.push(value);
  }
  values.sort((left, right) => left - right);
  if (values.length < fewest) return [values[0] ?? Number.POSITIVE_INFINITY, values.at(-1) ?? Number.NEGATIVE_INFINITY];
  const at = (share: number) => values[Math.round(share * (values.length - 1))] as number;
  return [at(0.01), at(0.99)];
}
