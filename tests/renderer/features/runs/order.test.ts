import { inOrder, placeInQueue } from "@renderer/features/runs/hooks/order";
import { recipeErrors } from "@renderer/features/runs/hooks/use-run-form";
import type { RunRecord } from "@shared/models/run";
import { describe, expect, it } from "vitest";
import { recipe, runs } from "../../support/mock-data";

const run = (
  id: string,
  state: RunRecord["state"],
  position: number,
  createdAt = "2026-01-01T00:00:00Z",
): RunRecord => ({
  ...(runs[0] as RunRecord),
  id,
  state,
  position,
  createdAt,
  finishedAt: null,
});

describe("the order of runs", () => {
  it("puts the running one first, then the queue in its order, then the newest", () => {
    const list = [
      run("old", "done", 0, "2026-01-01T00:00:00Z"),
      run("second", "queued", 2),
      run("new", "failed", 0, "2026-01-03T00:00:00Z"),
      run("live", "running", 0),
      run("first", "queued", 1),
      run("held", "paused", 0),
    ];
    expect(inOrder(list).map(({ id }) => id)).toEqual(["live", "first", "second", "held", "new", "old"]);
  });

  it("counts places among waiting runs only", () => {
    const list = [run("a", "queued", 9), run("b", "running", 0), run("c", "queued", 3)];
    expect(placeInQueue(list, "c")).toBe(1);
    expect(placeInQueue(list, "a")).toBe(2);
    expect(placeInQueue(list, "b")).toBeNull();
  });
});

describe("the limits of a recipe", () => {
  it("finds nothing wrong with a sane one", () => {
    expect(recipeErrors(recipe)).toEqual({});
  });

  it("names each setting that is outside, in words", () => {
    const errors = recipeErrors({ ...recipe, rank: 0, learningRate: Number.NaN, dropout: 0.95, projections: [] });
    expect(errors.rank).toBe("At least 1.");
    expect(errors.learningRate).toContain("A number is needed");
    expect(errors.dropout).toBe("At most 0.9.");
    expect(errors.projections).toBeDefined();
    expect(errors.alpha).toBeUndefined();
  });

  it("knows that a batch cannot be cut into more parts than it has rows", () => {
    expect(recipeErrors({ ...recipe, batchSize: 4, accumulation: 8 }).accumulation).toContain("cannot be cut");
  });
});
