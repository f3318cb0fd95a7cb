import { count } from "@renderer/lib/format";

export interface Ticks {
  readonly values: readonly number[];
  readonly step: number;
}

/** Round numbers (1, 2 or 5 times a power of ten apart) from 0 to at least `max`. `wanted` steps, more or less. */
export function ticksUpTo(max: number, wanted: number): Ticks {
  if (!Number.isFinite(max) || max <= 0) return { values: [0, 1], step: 1 };
  const rough = max / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough * 0.999) ?? 10 * power;
  const last = Math.ceil(max / step - 1e-9);
  return { values: Array.from({ length: last + 1 }, (_, index) => Number((index * step).toPrecision(12))), step };
}

/** Round numbers that lie between two values, `wanted` of them, more or less. */
export function ticksBetween(from: number, to: number, wanted: number): Ticks {
  if (!(to > from)) return { values: [from], step: 1 };
  return multiplesWithin(from, to, ticksUpTo(to - from, wanted).step);
}

/** Seconds as a clock divides them: 1, 2, 5, 10, 15, 30 s and min, then hours and days. */
const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** The same for seconds: 0, 15 min, 30 min rather than 0, 1000 s, 2000 s. */
export function timeTicks(from: number, to: number, wanted: number): Ticks {
  const rough = (to - from) / Math.max(1, wanted);
  const step = clockSteps.find((one) => one >= rough * 0.999);
  return rough < 1 || step === undefined ? ticksBetween(from, to, wanted) : multiplesWithin(from, to, step);
}

function multiplesWithin(from: number, to: number, step: number): Ticks {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  const length = Math.max(0, last - first + 1);
  return { values: Array.from({ length }, (_, index) => Number(((first + index) * step).toPrecision(12))), step };
}

/** Powers of ten and their double and fivefold that lie between, thinned when the range is wide. */
export function logTicks(low: number, high: number): readonly number[] {
  if (!(low > 0) || !(high > low)) return [];
  const decades = Math.log10(high / low);
  const factors = decades > 3 ? [1] : decades > 1.5 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    for (const factor of factors) {
      const value = Number((factor * 10 ** power).toPrecision(12));
      if (value >= low * 0.999 && value <= high * 1.001) ticks.push(value);
    }
  }
  return ticks;
}

/** A number with as many decimals as its axis needs. */
export function tickText(value: number, step: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) < 1e-3) return value.toExponential(1).replace(".0e", "e");
  if (Math.abs(value) >= 10_000) return count(value);
  return value.toFixed(Math.max(0, Math.min(4, -Math.floor(Math.log10(step) + 1e-9))));
}
