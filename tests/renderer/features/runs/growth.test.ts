import { appendGrowth, type Growth } from "@renderer/features/runs/api/growth";
import type { MetricPoint, RunHistory } from "@shared/models/run";
import { describe, expect, it } from "vitest";

const point = (step: number, trainLoss = 1): MetricPoint => ({
  step,
  trainLoss,
  validationLoss: null,
  learningRate: 1e-3,
  gradientNorm: 1,
  tokens: 10,
  tokensPerSecond: 5,
  memoryBytes: 1,
  elapsedSeconds: step,
});
const empty: RunHistory = { metrics: [], samples: [], log: [] };
const grown = (change: Partial<Growth>): Growth => ({ metrics: [], samples: [], log: [], ...change });
const steps = (history: RunHistory) => history.metrics.map(({ step }) => step);

describe("a history and its news", () => {
  it("appends new steps", () => {
    const history = appendGrowth({ ...empty, metrics: [point(1), point(2)] }, grown({ metrics: [point(3), point(4)] }));
    expect(steps(history)).toEqual([1, 2, 3, 4]);
  });

  it("stays right when the same news comes twice", () => {
    const news = grown({
      metrics: [point(2), point(3)],
      samples: [{ step: 2, prompt: "a", text: "b", expected: null }],
      log: [{ time: "2026-01-01T00:00:00Z", level: "info", text: "Checkpoint" }],
    });
    const once = appendGrowth({ ...empty, metrics: [point(1)] }, news);
    const twice = appendGrowth(once, news);
    expect(twice).toEqual(once);
  });

  it("replaces the steps that a run makes again after its checkpoint", () => {
    const history = { ...empty, metrics: [point(99), point(100), point(101, 7), point(102, 7)] };
    const again = appendGrowth(history, grown({ metrics: [point(101, 3)] }));
    expect(steps(again)).toEqual([99, 100, 101]);
    expect(again.metrics.at(-1)?.trainLoss).toBe(3);
  });

  it("keeps what did not change as the same object", () => {
    const history = { ...empty, metrics: [point(1)] };
    const next = appendGrowth(history, grown({ log: [{ time: "t", level: "info", text: "x" }] }));
    expect(next.metrics).toBe(history.metrics);
    expect(next.samples).toBe(history.samples);
  });
});
