import { smooth, smoothBothWays, smoothingWeight } from "@renderer/ui/chart/smooth";
import { describe, expect, it } from "vitest";

describe("smoothing", () => {
  it("leaves a constant as it is, from the first point on", () => {
    for (const value of smooth(new Array<number>(50).fill(2.5), 0.9)) expect(value).toBeCloseTo(2.5, 12);
  });

  it("begins with the first value and not with zero", () => {
    expect(smooth([4, 2], 0.9)[0]).toBeCloseTo(4, 12);
  });

  it("weighs the past by the weight and corrects for the short start", () => {
    const [, second] = smooth([1, 3], 0.5);
    expect(second).toBeCloseTo((0.5 * 0.5 * 1 + 0.5 * 3) / 0.75, 12);
  });

  it("steps over values that are no numbers", () => {
    const calm = smooth([Number.NaN, 2, Number.NaN, Number.POSITIVE_INFINITY, 2], 0.8);
    expect(calm[0]).toBeNaN();
    expect(calm[2]).toBeCloseTo(2, 12);
    expect(calm[4]).toBeCloseTo(2, 12);
  });

  it("reaches further in longer runs, within limits", () => {
    expect(smoothingWeight(10)).toBeCloseTo(0.8);
    expect(smoothingWeight(2500)).toBeGreaterThan(smoothingWeight(500));
    expect(smoothingWeight(1_000_000)).toBeCloseTo(1 - 1 / 200);
  });
});

describe("smoothing both ways", () => {
  const falling = Array.from({ length: 101 }, (_, index) => 100 - index);

  it("does not lag behind a straight fall", () => {
    expect(smoothBothWays(falling, 0.8)[50]).toBeCloseTo(50, 3);
    expect(smooth(falling, 0.8)[50]).toBeGreaterThan(53);
  });

  it("does not hang on the raw values at the ends", () => {
    const calm = smoothBothWays([9, ...new Array<number>(100).fill(1), 9], 0.95);
    expect(calm[0]).toBeLessThan(2.5);
    expect(calm.at(-1)).toBeLessThan(2.5);
  });

  it("gives a reversed series reversed", () => {
    const noisy = falling.map((value, index) => value + 10 * Math.sin(index * 7));
    expect([...smoothBothWays([...noisy].reverse(), 0.9)].reverse()).toEqual([...smoothBothWays(noisy, 0.9)]);
  });

  it("fills the place of values that are no numbers from the other side", () => {
    expect([...smoothBothWays([Number.NaN, 3, Number.NaN], 0.5)]).toEqual([3, 3, 3]);
  });
});
