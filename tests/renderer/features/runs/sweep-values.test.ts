import { readSweep } from "@renderer/features/runs/hooks/sweep-values";
import { describe, expect, it } from "vitest";

describe("the fields of a sweep", () => {
  it("are read as lists of numbers, each value once", () => {
    expect(readSweep({ learningRate: "1e-4, 2e-4 4e-4", rank: "8;16, 8" })).toEqual({
      grid: { learningRate: [1e-4, 2e-4, 4e-4], rank: [8, 16] },
      runs: 6,
      errors: {},
      error: null,
    });
  });

  it("make no sweep while there is one combination only", () => {
    expect(readSweep({})).toMatchObject({ grid: null, runs: 1 });
    expect(readSweep({ rank: "8", epochs: " " })).toMatchObject({ grid: null, runs: 1, errors: {} });
  });

  it("name the value that does not fit", () => {
    expect(readSweep({ rank: "8, 0" })).toMatchObject({ grid: null, errors: { rank: "“0” is outside its limits." } });
    expect(readSweep({ rank: "8, 1.5" }).errors.rank).toContain("1.5");
    expect(readSweep({ learningRate: "fast" }).errors.learningRate).toContain("fast");
  });

  it("say when they are too many", () => {
    const many = readSweep({ learningRate: "1e-4 2e-4 3e-4 4e-4 5e-4", rank: "1 2 3 4 5" });
    expect(many).toMatchObject({ grid: null, error: "These make 25 runs; a sweep has at most 24." });
    expect(readSweep({ seed: Array.from({ length: 13 }, (_, index) => index).join(" ") }).errors.seed).toBe(
      "At most 12 values.",
    );
  });
});
