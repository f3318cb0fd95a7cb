import { thin } from "@renderer/ui/chart/thin";
import { Column, firstFrom, MeasuredColumn, nearest, type Trace } from "@renderer/ui/chart/trace";
import { describe, expect, it } from "vitest";

function trace(ys: readonly number[], xOf: (index: number) => number = (index) => index + 1): Trace {
  const x = new Column();
  const y = new MeasuredColumn();
  for (const [index, value] of ys.entries()) {
    x.push(xOf(index));
    y.push(value);
  }
  return y.over(x);
}

const wave = (length: number) => Array.from({ length }, (_, index) => Math.sin(index / 7));
const whole = (line: Trace) => [0, line.x[line.length - 1] ?? 1] as const;

describe("thinning a line", () => {
  it("keeps every point of a short one", () => {
    expect(thin(trace([3, 1, 2]), [0, 3], 10)).toEqual([0, 1, 2]);
    expect(thin(trace([]), [0, 1], 10)).toEqual([]);
  });

  it.each([1000, 100_000])("draws what the width can show, of %d points, and both ends", (length) => {
    const line = trace(wave(length));
    const kept = thin(line, whole(line), 200);
    expect(kept.length).toBeLessThanOrEqual(402);
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(length - 1);
  });

  it("gives ascending indices without repeats", () => {
    const line = trace(wave(5000));
    for (const range of [whole(line), [100.5, 3000.25], [4990, 5000], [-20, 9000]] as const) {
      const kept = thin(line, range, 77);
      expect(kept.every((index, at) => at === 0 || index > (kept[at - 1] as number))).toBe(true);
    }
  });

  it("never loses a spike", () => {
    const values = wave(20_000);
    values[13_371] = 99;
    values[404] = -99;
    const line = trace(values);
    expect(thin(line, whole(line), 50)).toEqual(expect.arrayContaining([13_371, 404]));
  });

  it("keeps the neighbours of a part, so that the line leaves the frame where it should", () => {
    const line = trace(wave(100));
    const kept = thin(line, [20.5, 30.5], 1000);
    expect([kept[0], kept.at(-1)]).toEqual([19, 30]);
  });

  it("shows every point again once few enough are looked at", () => {
    const line = trace(wave(100_000));
    expect(thin(line, [50_000, 50_100], 700).length).toBeGreaterThanOrEqual(101);
  });

  it("divides by place, not by count: a pause does not take the room of what came before", () => {
    const line = trace(wave(10_000), (index) => (index < 5000 ? index : 1_000_000 + index));
    const kept = thin(line, whole(line), 100);
    expect(kept.filter((index) => index < 5000).length).toBeLessThanOrEqual(5);
  });

  it("looks past values that are no numbers", () => {
    const line = trace(wave(1000).map((value, index) => (index % 2 ? Number.NaN : value)));
    expect(thin(line, whole(line), 20).every((index) => Number.isFinite(line.y[index]))).toBe(true);
    expect(thin(trace(new Array<number>(1000).fill(Number.NaN)), [0, 1000], 20)).toEqual([]);
  });

  it("takes one point for each stretch of a line that has no spikes", () => {
    const line = { ...trace(wave(10_000)), extremes: null };
    expect(thin(line, whole(line), 100).length).toBeLessThanOrEqual(102);
  });
});

describe("a place on a line", () => {
  const line = trace([5, Number.NaN, 7, 8], (index) => index * 10);

  it("is the first point from there on", () => {
    expect([-1, 0, 1, 30, 31].map((x) => firstFrom(line, x))).toEqual([0, 0, 1, 3, 4]);
  });

  it("has the nearest point that has a value", () => {
    expect([-5, 4, 11, 14, 26, 99].map((x) => nearest(line, x))).toEqual([0, 0, 2, 2, 3, 3]);
    expect(nearest(trace([]), 3)).toBe(-1);
  });
});
