import { keepIndices, mergeIndices } from "@renderer/ui/chart/decimate";
import { describe, expect, it } from "vitest";

const wave = (length: number) => Array.from({ length }, (_, index) => Math.sin(index / 7));

describe("thinning a series", () => {
  it("keeps every point of a short one", () => {
    expect(keepIndices([3, 1, 2], 10)).toEqual([0, 1, 2]);
    expect(keepIndices([], 10)).toEqual([]);
  });

  it("keeps no more than two points for each bucket, and both ends", () => {
    const kept = keepIndices(wave(100_000), 200);
    expect(kept.length).toBeLessThanOrEqual(402);
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(99_999);
  });

  it("gives ascending indices without repeats", () => {
    const kept = keepIndices(wave(5000), 77);
    expect(kept.every((index, at) => at === 0 || index > (kept[at - 1] as number))).toBe(true);
  });

  it("never loses a spike", () => {
    const values = wave(20_000);
    values[13_371] = 99;
    values[404] = -99;
    const kept = keepIndices(values, 50);
    expect(kept).toContain(13_371);
    expect(kept).toContain(404);
  });

  it("looks past values that are no numbers", () => {
    const values = wave(1000).map((value, index) => (index % 2 ? Number.NaN : value));
    expect(
      keepIndices(values, 20)
        .slice(1, -1)
        .every((index) => Number.isFinite(values[index])),
    ).toBe(true);
    expect(keepIndices(new Array<number>(1000).fill(Number.NaN), 20)).toEqual([0, 999]);
  });
});

describe("merging two lists of indices", () => {
  it("keeps the order and drops repeats", () => {
    expect(mergeIndices([0, 4, 9], [2, 4, 11])).toEqual([0, 2, 4, 9, 11]);
    expect(mergeIndices([], [1])).toEqual([1]);
    expect(mergeIndices([], [])).toEqual([]);
  });
});
