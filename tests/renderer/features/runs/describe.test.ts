import { describeLoss } from "@renderer/features/runs/hooks/describe";
import type { MetricPoint } from "@shared/models/run";
import { describe, expect, it } from "vitest";

const points = (
  length: number,
  train: (step: number) => number,
  validation: (step: number) => number | null = () => null,
) =>
  Array.from({ length }, (_, index): MetricPoint => {
    const step = index + 1;
    return {
      step,
      trainLoss: train(step),
      validationLoss: validation(step),
      learningRate: 1e-3,
      gradientNorm: 1,
      tokens: 10,
      tokensPerSecond: 5,
      memoryBytes: 1,
      elapsedSeconds: step,
    };
  });

describe("the curve in words", () => {
  it("says so when nothing has happened yet", () => {
    expect(describeLoss([])).toBe("No step has been made yet.");
    expect(describeLoss(points(1, () => 2))).toBe("Training loss 2.000 at step 1.");
  });

  it("tells from where to where the loss fell, and that it still falls", () => {
    const words = describeLoss(points(400, (step) => 3 * Math.exp(-step / 100) + 0.01));
    expect(words).toMatch(/^Training loss fell from 2\.[89]\d\d to 0\.\d+ by step 400 and still falls\.$/);
  });

  it("tells when it has levelled out", () => {
    expect(describeLoss(points(400, (step) => 1 + 2 * Math.exp(-step / 10)))).toContain("and has levelled out");
  });

  it("tells when it stays where it was", () => {
    expect(describeLoss(points(100, () => 1.5))).toContain("stays near 1.500");
  });

  it("warns when the validation loss rises again", () => {
    const rising = (step: number) => (step % 50 === 0 ? (step <= 200 ? 2 - step / 200 : 1 + (step - 200) / 400) : null);
    const words = describeLoss(points(400, (step) => 2 - step / 250, rising));
    expect(words).toContain(
      "Validation loss was lowest at step 200 (1.000) and is 1.500 now: the model begins to learn by heart.",
    );
  });

  it("names the cause when the loss is no number any more", () => {
    expect(describeLoss(points(50, (step) => (step > 40 ? Number.NaN : 1)))).toContain(
      "the learning rate is likely too high",
    );
  });
});
