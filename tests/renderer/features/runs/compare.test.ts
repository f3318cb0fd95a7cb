import { compareAddress, idsIn } from "@renderer/features/runs/hooks/compare-address";
import { describeComparison } from "@renderer/features/runs/hooks/describe-comparison";
import { differences } from "@renderer/features/runs/hooks/differences";
import { effects } from "@renderer/features/runs/hooks/effects";
import { resultsOf } from "@renderer/features/runs/hooks/results";
import { CurveFollower } from "@renderer/features/runs/hooks/run-curves";
import type { Recipe } from "@shared/models/recipe";
import type { MetricPoint, RunRecord } from "@shared/models/run";
import { describe, expect, it } from "vitest";
import { adapters, recipe, runs } from "../../support/mock-data";

const [example] = runs;
const record = (name: string, change: Partial<Recipe> = {}, more: Partial<RunRecord> = {}): RunRecord => ({
  ...(example as RunRecord),
  id: name,
  name,
  recipe: { ...recipe, ...change },
  ...more,
});
const names = { model: (id: string) => `model ${id}`, dataset: (id: string) => `dataset ${id}` };

/** A run whose validation losses are these, ten steps apart. */
function withLosses(run: RunRecord, ...losses: number[]) {
  const metrics = losses.map(
    (validationLoss, index): MetricPoint => ({
      step: 10 * (index + 1),
      trainLoss: 1,
      validationLoss,
      learningRate: 1e-3,
      gradientNorm: 1,
      tokens: 1,
      tokensPerSecond: 1,
      memoryBytes: 1,
      elapsedSeconds: 1,
    }),
  );
  return { run, curves: new CurveFollower().follow(metrics) };
}

describe("settings that differ", () => {
  it("are the only ones shown, by the names that the form gives them", () => {
    const { differing, shared } = differences(
      [record("a"), record("b", { learningRate: 5e-4, rank: 16 }), record("c", { packing: false })],
      names,
    );
    expect(differing).toEqual([
      { label: "Learning rate", values: ["2e-3", "5e-4", "2e-3"] },
      { label: "Packing", values: ["on", "on", "off"] },
      { label: "Rank", values: ["8", "16", "8"] },
    ]);
    expect(shared).toBeGreaterThan(20);
  });

  it("include model, dataset and goal", () => {
    const other = { modelId: "m2", datasetId: "d2", goal: "style" as const };
    const { differing } = differences([record("a"), record("b", {}, other)], names);
    expect(differing.map(({ label }) => label)).toEqual(["Model", "Dataset", "Goal"]);
    expect(differing[0]?.values[1]).toBe("model m2");
  });

  it("take what is left out for what it means", () => {
    const spelled = record("b", { patience: null, embeddingNoise: 0, maxMinutes: null });
    expect(differences([record("a"), spelled], names).differing).toEqual([]);
    expect(differences([record("a"), record("b", { patience: 3 })], names).differing).toEqual([
      { label: "Patience", values: ["none", "3"] },
    ]);
    expect(differences([record("a"), record("b", { ranks: { q: 4, down: 16 } })], names).differing).toEqual([
      { label: "Ranks", values: ["none", "q 4, down 16"] },
    ]);
  });

  it("are none for one run", () => {
    expect(differences([record("a")], names).differing).toEqual([]);
  });
});

describe("results", () => {
  const runsOf = [
    withLosses(record("a", {}, { adapterId: adapters[0]?.id ?? "" }), 3, 1, 2),
    withLosses(record("b"), 3, 2, 0.5),
    { run: record("c", {}, { progress: null }), curves: null },
  ];

  it("have the best of each row marked, and a gap where nothing is known", () => {
    const found = new Map(resultsOf(runsOf, adapters).map((result) => [result.key, result]));
    expect(found.get("validation")).toMatchObject({ values: [1, 0.5, null], best: 1 });
    expect(found.get("bestStep")).toMatchObject({ values: [20, 30, null], best: -1 });
    expect(found.get("exact")).toMatchObject({ values: [0.9, null, null], best: -1 });
    expect(found.get("json")).toMatchObject({ values: [0.9333, null, null] });
    // Equal: none is better.
    expect(found.get("time")).toMatchObject({ values: [64, 64, null], best: -1 });
  });

  it("leave out what no run has", () => {
    expect(resultsOf(runsOf, []).map(({ key }) => key)).not.toContain("exact");
  });

  it("are told in words", () => {
    expect(describeComparison(runsOf)).toBe("Lowest validation loss: “b” with 0.500 at step 30. Then “a” 1.000.");
    expect(describeComparison(runsOf.slice(2))).toMatch(/^None of these runs has a validation loss/);
  });
});

describe("the effect of a setting", () => {
  it("is shown for numbers that differ, but not for the seed", () => {
    const found = effects([
      withLosses(record("a", { seed: 1, learningRate: 1e-3 }), 2),
      withLosses(record("b", { seed: 2, learningRate: 2e-3, packing: false }), 1),
      { run: record("c", { rank: 64 }), curves: null },
    ]);
    expect(found).toEqual([
      {
        key: "learningRate",
        label: "Learning rate",
        points: [
          { id: "a", name: "a", x: 1e-3, y: 2 },
          { id: "b", name: "b", x: 2e-3, y: 1 },
        ],
      },
    ]);
  });
});

describe("the address of a comparison", () => {
  it("holds the runs in their order, each once", () => {
    const address = compareAddress(["b", "a", "c d"]);
    expect(address).toBe("/runs/compare?ids=b,a,c%20d");
    expect(idsIn(address.split("?")[1] ?? "")).toEqual(["b", "a", "c d"]);
    expect(idsIn("ids=a,,b,a")).toEqual(["a", "b"]);
    expect(idsIn("")).toEqual([]);
  });
});
