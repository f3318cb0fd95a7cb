import { byteLimits, nearest, oldestSurplus, surplus } from "@main/jobs/keep-rule";
import { describe, expect, it } from "vitest";

const files = (...steps: number[]) => steps.map((step) => ({ step, bytes: 100 }));
const few = { count: 4, bytes: 1e9 };

/** What is left after each new file, as in a run. */
function grow(steps: readonly number[], bestStep: number | null, limits: typeof few): number[] {
  let left: number[] = [];
  for (const step of steps) {
    left.push(step);
    const gone = surplus(files(...left), bestStep, limits);
    left = left.filter((kept) => !gone.includes(kept));
  }
  return left;
}

describe("the rule for kept checkpoints", () => {
  it("keeps all while they are few and small", () => {
    expect(surplus(files(10, 20, 30, 40), null, few)).toEqual([]);
  });

  it("keeps the newest and the best, and spreads the others over the run", () => {
    const steps = Array.from({ length: 100 }, (_, index) => 10 * (index + 1));
    const left = grow(steps, 370, { count: 6, bytes: 1e9 });
    expect(left).toHaveLength(6);
    expect(left).toContain(1000);
    expect(left).toContain(370);
    const gaps = left.map((step, index) => step - (left[index - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(500);
  });

  it("lets go of more when they are large, but never of the newest and the best", () => {
    const large = files(10, 20, 30, 40).map((file) => ({ ...file, bytes: 600 }));
    expect(surplus(large, 20, { count: 4, bytes: 1300 })).toEqual([10, 30]);
    expect(surplus(large, 20, { count: 4, bytes: 1 })).toEqual([10, 30]);
  });

  it("takes no more than a quarter of a disk's room, and less than its own limits", () => {
    expect(byteLimits(36e6, 4e6)).toEqual({ run: 10e6, all: 10e6 });
    expect(byteLimits(0, 8e6)).toEqual({ run: 2e6, all: 2e6 });
    expect(byteLimits(16e9, 0)).toEqual({ run: 2e9, all: 4e9 });
    expect(byteLimits(Number.POSITIVE_INFINITY, 0)).toEqual({ run: 2e9, all: 20e9 });
  });

  it("takes them from the oldest finished runs once all of them together are too large", () => {
    const runs = [
      { id: "newest", bytes: 500 },
      { id: "none", bytes: 0 },
      { id: "older", bytes: 400 },
      { id: "oldest", bytes: 200 },
    ];
    expect(oldestSurplus(runs, 1000)).toEqual(["oldest"]);
    expect(oldestSurplus(runs, 2000)).toEqual([]);
    expect(oldestSurplus(runs, 100)).toEqual(["newest", "older", "oldest"]);
  });

  it("takes the nearest to the lowest validation loss for the best, the earlier of two", () => {
    expect(nearest(files(10, 20, 30), 24)).toBe(20);
    expect(nearest(files(10, 20, 30), 25)).toBe(20);
    expect(nearest(files(10, 20, 30), null)).toBeNull();
    expect(nearest([], 4)).toBeNull();
  });
});
