import { RunHistories } from "@main/jobs/history";
import { RunReport } from "@main/jobs/report";
import { RunStore } from "@main/jobs/store";
import { Database } from "@main/storage/database";
import { migrate } from "@main/storage/migrations/migrate";
import type { MetricPoint } from "@shared/models/run";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recipeWith } from "../../support/recipe";

const point = (step: number, elapsedSeconds = step): MetricPoint => ({
  step,
  trainLoss: 1 / step,
  validationLoss: null,
  learningRate: 1,
  gradientNorm: 1,
  tokens: 1,
  tokensPerSecond: 1,
  memoryBytes: 1,
  elapsedSeconds,
});
const steps = (...numbers: number[]) => ({ metrics: numbers.map((step) => point(step)), samples: [], log: [] });

function bench() {
  const database = Database.open(":memory:");
  migrate(database);
  const store = new RunStore(database);
  const histories = new RunHistories(database);
  store.insert({
    id: "r",
    name: "r",
    note: "",
    modelId: "m",
    baseDigest: null,
    datasetId: "d",
    datasetDigest: "x",
    learnAll: false,
    goal: "try",
    recipe: recipeWith(),
    state: "running",
    position: 1,
    createdAt: "",
    startedAt: null,
    finishedAt: null,
    progress: null,
    error: null,
    adapterId: null,
    adapterDigest: null,
    sweepId: null,
    device: "cpu",
    scoreBy: null,
  });
  const told: number[][] = [];
  const services = {
    store,
    histories,
    emit: (_: string, __: string, payload: unknown) =>
      void told.push((payload as { metrics: MetricPoint[] }).metrics.map(({ step }) => step)),
    changed: () => undefined,
  };
  return { database, histories, services, told, stored: () => histories.read("r").metrics.map(({ step }) => step) };
}

describe("the report of a run", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("writes and tells in batches, five times a second", () => {
    const { services, told, stored } = bench();
    const report = new RunReport("r", false, services);
    for (let step = 1; step <= 10; step++) {
      report.grew(steps(step));
      vi.advanceTimersByTime(50);
    }
    vi.advanceTimersByTime(200);
    expect(told).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10],
    ]);
    expect(stored()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("keeps what cannot be written for the next try", () => {
    const { services, histories, told, stored } = bench();
    const complaint = vi.spyOn(console, "error").mockReturnValue();
    const append = vi.spyOn(histories, "append").mockImplementation(() => {
      throw new Error("disk full");
    });
    const report = new RunReport("r", false, services);
    report.grew(steps(1, 2));
    vi.advanceTimersByTime(200);
    report.grew(steps(3));
    vi.advanceTimersByTime(200);
    expect(told).toEqual([]);
    expect(complaint).toHaveBeenCalledOnce();
    append.mockRestore();
    report.flush();
    expect(stored()).toEqual([1, 2, 3]);
    complaint.mockRestore();
  });

  it("of a run that goes back to a checkpoint replaces what it tells again, and lets the time go on", () => {
    const { services, histories, stored } = bench();
    histories.append("r", { ...steps(1, 2, 3, 4, 5), samples: [{ step: 4, prompt: "p", text: "t", expected: null }] });
    const report = new RunReport("r", true, services);
    report.grew({ metrics: [point(4, 1)], samples: [], log: [] });
    report.flush();
    expect(stored()).toEqual([1, 2, 3, 4]);
    const { metrics, samples } = histories.read("r");
    expect(metrics.at(-1)?.elapsedSeconds).toBe(4);
    expect(samples).toEqual([]);
  });
});
