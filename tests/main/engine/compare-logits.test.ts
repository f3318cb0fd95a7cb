import { compareLogits } from "@main/engine/worker/adapters";
import { expect, it } from "vitest";

it("measures the largest difference, the spread and how often the best token is the same", () => {
  const left = Float32Array.from([0, 1, 2, 3, 2, 1]);
  const right = Float32Array.from([0, 1, 2.5, 1, 2, 1]);
  expect(compareLogits(left, right, 2)).toMatchObject({ maxDifference: 2, top1Agreement: 0.5, tokens: 2 });
  expect(compareLogits(left, left, 2)).toMatchObject({ maxDifference: 0, top1Agreement: 1 });
});

it("never passes over a number that is none", () => {
  expect(compareLogits(Float32Array.from([1, Number.NaN]), Float32Array.from([1, 2]), 1).maxDifference).toBe(
    Number.POSITIVE_INFINITY,
  );
});
