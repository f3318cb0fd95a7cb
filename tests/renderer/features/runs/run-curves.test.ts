import { curveCsv, overlayCsv } from "@renderer/features/runs/hooks/curve-csv";
import { CurveFollower } from "@renderer/features/runs/hooks/run-curves";
import { fileName } from "@renderer/lib/save-file";
import type { Trace } from "@renderer/ui/chart/trace";
import type { MetricPoint } from "@shared/models/run";
import { describe, expect, it } from "vitest";

const point = (step: number, change: Partial<MetricPoint> = {}): MetricPoint => ({
  step,
  trainLoss: 4 - step,
  validationLoss: step === 2 ? 2.5 : null,
  learningRate: 1e-4,
  gradientNorm: 0.5,
  tokens: 100 * step,
  tokensPerSecond: 50,
  memoryBytes: 1000,
  elapsedSeconds: 1.25 * step,
  ...change,
});
const points = [1, 2, 3].map((step) => point(step));
const xs = ({ x, length }: Trace) => [...x.subarray(0, length)];
const ys = ({ y, length }: Trace) => [...y.subarray(0, length)];

describe("the curves of a run", () => {
  it("are drawn over steps, over the tokens seen so far, or over seconds", () => {
    const curves = new CurveFollower().follow(points);
    expect(xs(curves.trace("trainLoss", "step"))).toEqual([1, 2, 3]);
    expect(xs(curves.trace("trainLoss", "tokens"))).toEqual([100, 300, 600]);
    expect(xs(curves.trace("learningRate", "time"))).toEqual([1.25, 2.5, 3.75]);
    expect(curves.end("tokens")).toBe(600);
    expect(curves.placeOf(2, "tokens")).toBe(300);
  });

  it("hold the validations where they were made, and the best of them", () => {
    const curves = new CurveFollower().follow([...points, point(4, { validationLoss: 1.5 })]);
    expect(xs(curves.trace("validationLoss", "tokens"))).toEqual([300, 1000]);
    expect(ys(curves.trace("validationLoss", "step"))).toEqual([2.5, 1.5]);
    expect(curves.best).toEqual({ step: 4, loss: 1.5 });
    expect(new CurveFollower().follow([]).best).toBeNull();
  });

  it("grow with the history, and take back what a checkpoint takes back", () => {
    const follower = new CurveFollower();
    follower.follow(points);
    const long = [...points, ...Array.from({ length: 1000 }, (_, index) => point(index + 4, { validationLoss: 9 }))];
    expect(follower.follow(long).length).toBe(1003);
    const again = [...long.slice(0, 500), point(501, { trainLoss: 77, validationLoss: 0.1 })];
    const curves = follower.follow(again);
    expect(curves.length).toBe(501);
    expect(ys(curves.trace("trainLoss", "step")).at(-1)).toBe(77);
    expect(curves.best).toEqual({ step: 501, loss: 0.1 });
    expect(ys(curves.trace("validationLoss", "step"))).toHaveLength(499);
    expect(curves).toEqual(expect.objectContaining({ length: new CurveFollower().follow(again).length }));
  });

  it("take a validation that is told later for a step that is already there", () => {
    const follower = new CurveFollower();
    follower.follow(points);
    const told = [...points.slice(0, 2), point(3, { validationLoss: 1 })];
    expect(ys(follower.follow(told).trace("validationLoss", "step"))).toEqual([2.5, 1]);
  });

  it("look at what is new only", () => {
    let looks = 0;
    const watched = Array.from({ length: 5000 }, (_, index) => {
      const real = point(index + 1);
      return new Proxy(real, {
        get: (target, key) => {
          looks += 1;
          return target[key as keyof MetricPoint];
        },
      });
    });
    const follower = new CurveFollower();
    follower.follow(watched.slice(0, 4990));
    looks = 0;
    follower.follow(watched);
    expect(looks).toBeLessThan(10 * 20);
  });

  it("are as they were when they are not smoothed, and calmer the more they are", () => {
    const noisy = Array.from({ length: 400 }, (_, index) => point(index + 1, { trainLoss: 2 + (index % 2) }));
    const curves = new CurveFollower().follow(noisy);
    expect(ys(curves.smoothed("step", 0))).toEqual(ys(curves.trace("trainLoss", "step")));
    const spread = (strength: number) => {
      const values = ys(curves.smoothed("step", strength)).slice(100, 300);
      return Math.max(...values) - Math.min(...values);
    };
    expect(spread(0.25)).toBeGreaterThan(spread(1));
    expect(spread(1)).toBeGreaterThan(spread(4));
  });
});

describe("a table of curves", () => {
  it("has every step, and an empty place where nothing was measured", () => {
    expect(curveCsv(points).split("\r\n")).toEqual([
      "step,train_loss,validation_loss,learning_rate,gradient_norm,tokens,tokens_per_second,memory_bytes,elapsed_seconds",
      "1,3,,0.0001,0.5,100,50,1000,1.25",
      "2,2,2.5,0.0001,0.5,200,50,1000,2.5",
      "3,1,,0.0001,0.5,300,50,1000,3.75",
      "",
    ]);
  });

  it("has the part that is looked at", () => {
    const curves = new CurveFollower().follow(points);
    expect(curves.within(null, "step")).toBeNull();
    expect(curveCsv(points, curves.within([250, 700], "tokens")).split("\r\n")).toHaveLength(4);
    expect(curveCsv(points, curves.within([2, 2], "step")).split("\r\n")).toHaveLength(3);
  });

  it("of several runs names the run of each step", () => {
    const table = overlayCsv([
      { name: 'a "b", c', metrics: points.slice(0, 1), steps: null },
      { name: "d", metrics: points, steps: [2, 2] },
    ]).split("\r\n");
    expect(table[0]).toMatch(/^run,step,train_loss,/);
    expect(table[1]).toBe('"a ""b"", c",1,3,,0.0001,0.5,100,50,1000,1.25');
    expect(table[2]).toBe('"d",2,2,2.5,0.0001,0.5,200,50,1000,2.5');
  });

  it("goes into a file whose name every system takes", () => {
    expect(fileName("Tool calls, rank 16 / v2", "csv")).toBe("Tool-calls-rank-16-v2.csv");
    expect(fileName("../..", "svg")).toBe("curve.svg");
  });
});
