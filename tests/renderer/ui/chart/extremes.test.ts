import { Extremes } from "@renderer/ui/chart/extremes";
import { describe, expect, it } from "vitest";

const noise = (length: number) =>
  Float64Array.from({ length }, (_, index) => {
    const value = Math.sin(index * 12.9898) * 43758.5453;
    return index % 97 === 5 ? Number.NaN : value - Math.floor(value);
  });

function plain(values: Float64Array, from: number, to: number): readonly [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = from; index < to; index += 1) {
    if (!Number.isFinite(values[index])) continue;
    low = Math.min(low, values[index] as number);
    high = Math.max(high, values[index] as number);
  }
  return [low, high];
}

function grown(values: Float64Array, ...lengths: number[]): Extremes {
  const extremes = new Extremes();
  for (const length of lengths) extremes.grow(values, length);
  return extremes;
}

describe("the lowest and the highest of a stretch", () => {
  it.each([0, 1, 15, 16, 17, 255, 256, 257, 5000])("are those of a plain look at it, in a series of %d", (length) => {
    const values = noise(length);
    const extremes = grown(values, length);
    for (let tries = 0; tries < 200; tries += 1) {
      const from = (tries * 7919) % (length + 1);
      const to = from + ((tries * 104_729) % (length - from + 1));
      const { low, high } = extremes.within(from, to);
      const [lowest, highest] = plain(values, from, to);
      expect(low < 0 ? Number.POSITIVE_INFINITY : values[low]).toBe(lowest);
      expect(high < 0 ? Number.NEGATIVE_INFINITY : values[high]).toBe(highest);
    }
  });

  it("are the same however the series grew, and after its end was taken back", () => {
    const values = noise(10_000);
    const atOnce = grown(values, 10_000);
    const slowly = grown(values, 1, 2, 15, 300, 301, 9999, 10_000);
    const back = grown(values, 10_000);
    back.cut(4097);
    back.grow(values, 10_000);
    for (const [from, to] of [
      [0, 10_000],
      [17, 8000],
      [4000, 4200],
    ] as const) {
      expect(slowly.within(from, to)).toEqual(atOnce.within(from, to));
      expect(back.within(from, to)).toEqual(atOnce.within(from, to));
    }
  });

  it("know nothing of values that were taken back", () => {
    const values = Float64Array.from({ length: 600 }, (_, index) => index);
    const extremes = grown(values, 600);
    extremes.cut(100);
    values[99] = -5;
    values.fill(7, 100);
    extremes.cut(99);
    extremes.grow(values, 600);
    expect(extremes.within(0, 600)).toEqual({ low: 99, high: 98 });
  });

  it("are none where no value is a number", () => {
    expect(grown(new Float64Array(100).fill(Number.NaN), 100).within(0, 100)).toEqual({ low: -1, high: -1 });
    expect(grown(noise(10), 10).within(5, 5)).toEqual({ low: -1, high: -1 });
  });

  it("cost a hundred looks or so, in a hundred thousand values as in a thousand", () => {
    let looks = 0;
    const counted = new Proxy(noise(100_000), {
      get: (values, key) => {
        looks += 1;
        return values[Number(key)];
      },
    }) as Float64Array;
    const extremes = grown(counted, 100_000);
    looks = 0;
    extremes.within(3, 99_990);
    expect(looks).toBeLessThan(700);
    looks = 0;
    extremes.within(50_003, 50_143);
    expect(looks).toBeLessThan(200);
  });
});
