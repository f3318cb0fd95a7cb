import { type DataFacts, type DoctorFacts, diagnose } from "@main/jobs/doctor";
import { countSharedRows } from "@main/jobs/shared-rows";
import type { MetricPoint } from "@shared/models/run";
import { describe, expect, it } from "vitest";
import { recipeWith } from "../../support/recipe";

/** A curve from its training losses; `validations` by step. */
function curve(losses: readonly number[], validations: Readonly<Record<number, number>> = {}): MetricPoint[] {
  return losses.map((trainLoss, index) => ({
    step: index + 1,
    trainLoss,
    validationLoss: validations[index + 1] ?? null,
    learningRate: 1e-3,
    gradientNorm: 1,
    tokens: 10,
    tokensPerSecond: 100,
    memoryBytes: 1e9,
    elapsedSeconds: index,
  }));
}

const steps = (count: number, loss: (step: number) => number) => Array.from({ length: count }, (_, step) => loss(step));
const falling = steps(60, (step) => 0.5 + 2 * Math.exp(-step / 15));
const fineData: DataFacts = {
  rows: 100,
  rowsCut: 0,
  rowsWithoutTarget: 0,
  longestRow: 50,
  contextLimit: 2048,
  validationRows: 10,
  validationRowsShared: 0,
};
const look = (changes: Partial<DoctorFacts>) =>
  diagnose({
    state: "done",
    error: null,
    recipe: recipeWith(),
    metrics: curve(falling),
    data: fineData,
    machineBytes: 16e9,
    ...changes,
  });

describe("the run doctor", () => {
  it("finds nothing wrong with a loss that falls and stays low", () => {
    expect(look({})).toEqual([
      expect.objectContaining({ kind: "healthy", cause: expect.stringContaining("fell from 2.0"), next: null }),
    ]);
  });

  it("says nothing about a curve of a few steps, or one that cannot be judged yet", () => {
    expect(look({ metrics: curve([3, 3, 3]), state: "running" })).toEqual([]);
    expect(look({ metrics: [], state: "queued" })).toEqual([]);
  });

  it("takes a loss that falls and then climbs for too high a learning rate, and offers a quarter of it", () => {
    const metrics = curve(steps(60, (step) => (step < 15 ? 3 - 0.1 * step : 1.6 + 0.1 * (step - 15))));
    const [verdict] = look({ metrics, recipe: recipeWith({ learningRate: 2e-2 }) });
    expect(verdict).toMatchObject({ kind: "rate-too-high", next: { change: { learningRate: 5e-3 } } });
    expect(verdict?.cause).toMatch(/fell to 1\.\d+ and then climbed to 5\.\d+/);
  });

  it("takes one that climbs from the first step for the same", () => {
    const [verdict] = look({ metrics: curve(steps(40, (step) => 2 + 0.2 * step)), state: "running" });
    expect(verdict).toMatchObject({ kind: "rate-too-high" });
  });

  it("does not mistake noise for either", () => {
    const noisy = falling.map((loss, step) => loss * (1 + 0.15 * Math.sin(7 * step)));
    expect(look({ metrics: curve(noisy) }).map(({ kind }) => kind)).toEqual(["healthy"]);
  });

  it("says that a flat loss does not move, and offers five times the rate", () => {
    const metrics = curve(steps(60, (step) => 3 + 0.01 * Math.sin(step)));
    expect(look({ metrics, recipe: recipeWith({ learningRate: 1e-6 }) })).toEqual([
      expect.objectContaining({
        kind: "not-moving",
        next: expect.objectContaining({ change: { learningRate: 5e-6 } }),
      }),
    ]);
  });

  it("does not call a loss flat that has nowhere left to fall", () => {
    expect(look({ metrics: curve(steps(60, () => 0.01)) }).map(({ kind }) => kind)).toEqual(["healthy"]);
  });

  it("names the step since which a run overfits, and offers to keep the best", () => {
    const metrics = curve(falling, { 10: 1.5, 20: 1.1, 30: 1.2, 40: 1.3, 60: 1.5 });
    const [verdict] = look({ metrics });
    expect(verdict).toMatchObject({
      kind: "overfitting",
      title: "Overfitting since step 20",
      next: { change: { patience: 3, validateEvery: 6 } },
    });
  });

  it("is content with a run that kept its best step by itself", () => {
    const metrics = curve(falling, { 10: 1.5, 20: 1.1, 30: 1.2, 40: 1.3 });
    expect(look({ metrics, recipe: recipeWith({ patience: 2, validateEvery: 10 }) })).toEqual([
      expect.objectContaining({ kind: "best-kept", tone: "info", title: "The adapter is that of step 20" }),
    ]);
  });

  it("sees that all labels are masked, from the data or from the error", () => {
    const data = { ...fineData, rowsWithoutTarget: 100 };
    expect(look({ data, metrics: [], state: "failed" })[0]).toMatchObject({ kind: "nothing-learned", next: null });
    const cut = { ...data, rowsCut: 100, longestRow: 300 };
    expect(look({ data: cut, metrics: [], state: "failed" })).toEqual([
      expect.objectContaining({
        kind: "nothing-learned",
        next: expect.objectContaining({ change: { contextLength: 320 } }),
      }),
    ]);
    const error = { code: "data.nothing-to-learn", message: "", hint: "" };
    expect(look({ error, data: null, metrics: [], state: "failed" })[0]).toMatchObject({ kind: "nothing-learned" });
  });

  it("offers a context length that keeps cut rows whole, where the model can see so far", () => {
    const data = { ...fineData, rowsCut: 7, longestRow: 100 };
    expect(look({ data })[0]).toMatchObject({
      title: "7 of 100 rows are cut off",
      next: { change: { contextLength: 128 } },
    });
    expect(look({ data: { ...data, contextLimit: 64 } })[0]).toMatchObject({
      next: null,
      cause: expect.stringContaining("shorten"),
    });
  });

  it("says when validation rows are trained on, too", () => {
    const data = { ...fineData, validationRowsShared: 4 };
    expect(look({ data })[0]).toMatchObject({ kind: "rows-shared", cause: expect.stringContaining("4 of 10") });
  });

  it("warns of a run close to the limit of memory, with the lever that is left", () => {
    const metrics = curve(falling);
    const machineBytes = 1.1e9;
    const recipe = recipeWith({ activationCheckpointing: false });
    expect(look({ metrics, machineBytes, recipe })[0]?.next?.change).toEqual({ activationCheckpointing: true });
    expect(look({ metrics, machineBytes })[0]?.next?.change).toEqual({ accumulation: 2 });
    const last = look({ metrics, machineBytes, recipe: recipeWith({ batchSize: 1 }) })[0];
    expect(last).toMatchObject({ kind: "memory-close", next: null });
  });
});

describe("shared rows", () => {
  it("are counted by their words and roles", async () => {
    const row = (content: string, role: "user" | "assistant" = "user") => ({ messages: [{ role, content }] });
    async function* rows() {
      yield* [row("a"), row("b"), row("a"), row("c"), row("b", "assistant"), row("c")];
    }
    expect(await countSharedRows(rows(), new Set([2, 4, 5]))).toBe(2);
    expect(await countSharedRows(rows(), new Set())).toBe(0);
  });
});
