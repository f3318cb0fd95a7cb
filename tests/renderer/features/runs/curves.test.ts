import { curveCsv } from "@renderer/features/runs/hooks/curve-csv";
import { lossRows } from "@renderer/features/runs/hooks/curves";
import { fileName } from "@renderer/lib/save-file";
import type { MetricPoint } from "@shared/models/run";
import { describe, expect, it } from "vitest";

const points: readonly MetricPoint[] = [1, 2, 3].map((step) => ({
  step,
  trainLoss: 4 - step,
  validationLoss: step === 2 ? 2.5 : null,
  learningRate: 1e-4,
  gradientNorm: 0.5,
  tokens: 100 * step,
  tokensPerSecond: 50,
  memoryBytes: 1000,
  elapsedSeconds: 1.23 * step,
}));

describe("a curve", () => {
  it("is drawn over steps, over the tokens seen so far, or over seconds", () => {
    const xs = (axis: "step" | "tokens" | "time") => lossRows(points, 100, axis).map(({ x }) => x);
    expect(xs("step")).toEqual([1, 2, 3]);
    expect(xs("tokens")).toEqual([100, 300, 600]);
    expect(xs("time")).toEqual([1.2, 2.5, 3.7]);
  });

  it("is saved as a table with every step and an empty place where nothing was measured", () => {
    expect(curveCsv(points).split("\r\n")).toEqual([
      "step,train_loss,validation_loss,learning_rate,gradient_norm,tokens,tokens_per_second,memory_bytes,elapsed_seconds",
      "1,3,,0.0001,0.5,100,50,1000,1.23",
      "2,2,2.5,0.0001,0.5,200,50,1000,2.46",
      "3,1,,0.0001,0.5,300,50,1000,3.69",
      "",
    ]);
  });

  it("goes into a file whose name every system takes", () => {
    expect(fileName("Tool calls, rank 16 / v2", "csv")).toBe("Tool-calls-rank-16-v2.csv");
    expect(fileName("../..", "svg")).toBe("curve.svg");
  });
});
