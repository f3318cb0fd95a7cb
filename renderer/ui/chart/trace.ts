import { Extremes } from "./extremes";

/** One line of a chart: points with an x that never falls. A new object stands for each state of a growing one. */
export interface Trace {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Points in use; the arrays may be longer. */
  readonly length: number;
  /** Null for a line without spikes, such as a smoothed one: any point of a stretch stands for all of it. */
  readonly extremes: Extremes | null;
}

/** Numbers in a row that grows without being copied each time. */
export class Column {
  #values = new Float64Array(256);
  length = 0;

  get values(): Float64Array {
    return this.#values;
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  cut(length: number): void {
    this.length = Math.min(length, this.length);
  }

  get last(): number | undefined {
    return this.length > 0 ? this.#values[this.length - 1] : undefined;
  }
}

/** A column with an eye on its lowest and highest values. */
export class MeasuredColumn extends Column {
  readonly extremes = new Extremes();

  override cut(length: number): void {
    super.cut(length);
    this.extremes.cut(length);
  }

  /** The line over `x`, as it is now. */
  over(x: Column): Trace {
    this.extremes.grow(this.values, this.length);
    return { x: x.values, y: this.values, length: this.length, extremes: this.extremes };
  }
}

/** Index of the first point at or behind `x`; `length` when there is none. */
export function firstFrom(trace: Pick<Trace, "x" | "length">, x: number): number {
  let low = 0;
  let high = trace.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((trace.x[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the point nearest to `x` that has a finite value; -1 when none is near. */
export function nearest(trace: Trace, x: number): number {
  const right = firstFrom(trace, x);
  const reach = 200;
  let best = -1;
  let distance = Number.POSITIVE_INFINITY;
  const look = (index: number) => {
    if (!Number.isFinite(trace.y[index])) return false;
    const away = Math.abs((trace.x[index] as number) - x);
    if (away < distance) {
      best = index;
      distance = away;
    }
    return true;
  };
  for (let index = right; index < Math.min(trace.length, right + reach); index += 1) if (look(index)) break;
  for (let index = right - 1; index >= Math.max(0, right - reach); index -= 1) if (look(index)) break;
  return best;
}
