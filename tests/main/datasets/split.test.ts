import { seededRandom, validationIndices, validationRows } from "@main/datasets/split";
import { describe, expect, it } from "vitest";

describe("the split", () => {
  it("is the same for the same seed and another for another one", () => {
    const first = [...validationIndices(1000, 0.1, 7)];
    expect([...validationIndices(1000, 0.1, 7)]).toEqual(first);
    expect([...validationIndices(1000, 0.1, 8)]).not.toEqual(first);
  });

  it("keeps the asked share aside, at least one row, and leaves at least one", () => {
    expect(validationRows(1000, 0.1)).toBe(100);
    expect(validationRows(3, 0.05)).toBe(1);
    expect(validationRows(2, 0.5)).toBe(1);
    expect(validationRows(1, 0.5)).toBe(0);
    expect(validationRows(1000, 0)).toBe(0);
    for (const [rows, share] of [
      [10, 0.5],
      [997, 0.13],
      [2, 0.5],
    ] as const) {
      const aside = validationIndices(rows, share, 3);
      expect(aside.size).toBe(validationRows(rows, share));
      expect(Math.max(...aside)).toBeLessThan(rows);
      expect(Math.min(...aside)).toBeGreaterThanOrEqual(0);
    }
  });

  it("takes every row equally often over many seeds", () => {
    const counts = new Array<number>(20).fill(0);
    for (let seed = 0; seed < 4000; seed++)
      for (const index of validationIndices(20, 0.25, seed)) counts[index] = (counts[index] ?? 0) + 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it("rests on a sequence that never changes", () => {
    const random = seededRandom(1);
    expect([random(), random(), random()].map((value) => value.toFixed(6))).toEqual([
      "0.627074",
      "0.002736",
      "0.527447",
    ]);
  });
});
