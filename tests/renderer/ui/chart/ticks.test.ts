import { logTicks, ticksBetween, ticksUpTo, tickText, timeTicks } from "@renderer/ui/chart/ticks";
import { describe, expect, it } from "vitest";

describe("ticks from zero", () => {
  it("are round and reach the largest value", () => {
    expect(ticksUpTo(3.9, 5).values).toEqual([0, 1, 2, 3, 4]);
    expect(ticksUpTo(1872, 6).values).toEqual([0, 500, 1000, 1500, 2000]);
    expect(ticksUpTo(0.0021, 2).values).toEqual([0, 0.002, 0.004]);
  });

  it("stand even without data", () => {
    for (const max of [0, -1, Number.NaN, Number.NEGATIVE_INFINITY]) expect(ticksUpTo(max, 5).values).toEqual([0, 1]);
  });
});

describe("ticks between two values", () => {
  it("are round and lie within", () => {
    expect(ticksBetween(137, 412, 5).values).toEqual([200, 300, 400]);
    expect(ticksBetween(0.481, 0.522, 4).values).toEqual([0.5, 0.52]);
    expect(ticksBetween(3, 3, 4).values).toEqual([3]);
  });

  it("divide time as a clock does", () => {
    expect(timeTicks(0, 4000, 4).values).toEqual([0, 1800, 3600]);
    expect(timeTicks(70, 200, 5).values).toEqual([90, 120, 150, 180]);
    expect(timeTicks(1, 2, 5).values).toEqual([1, 1.2, 1.4, 1.6, 1.8, 2]);
    expect(timeTicks(0, 1e6, 4).values).toEqual([0, 500_000, 1_000_000]);
  });
});

describe("ticks of a logarithmic axis", () => {
  it("lie within the range", () => {
    expect(logTicks(0.02, 4)).toEqual([0.03, 0.1, 0.3, 1, 3]);
    expect(logTicks(1, 10)).toEqual([1, 2, 5, 10]);
    expect(logTicks(0.0001, 10)).toEqual([0.0001, 0.001, 0.01, 0.1, 1, 10]);
  });

  it("are none for an impossible range", () => {
    expect(logTicks(0, 1)).toEqual([]);
    expect(logTicks(2, 2)).toEqual([]);
  });
});

describe("the text of a tick", () => {
  it("has as many decimals as the step needs", () => {
    expect(tickText(2, 1)).toBe("2");
    expect(tickText(0.5, 0.5)).toBe("0.5");
    expect(tickText(0.05, 0.01)).toBe("0.05");
    expect(tickText(0.0002, 0.0001)).toBe("2e-4");
    expect(tickText(20_000, 5000)).toBe("20,000");
  });
});
