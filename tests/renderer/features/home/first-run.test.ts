import { guide } from "@renderer/features/home/hooks/first-run";
import { describe, expect, it } from "vitest";
import { adapters, datasets, models, runs } from "../../support/mock-data";

const nothing = { models: [], datasets: [], runs: [], adapters: [], compared: false, exported: false };
const states = (facts: Parameters<typeof guide>[0]) => guide(facts).map(({ state }) => state);

describe("the guided first run", () => {
  it("begins with a model", () => {
    expect(states(nothing)).toEqual(["now", "later", "later", "later", "later"]);
  });

  it("sends a person with the starter model and dataset straight to training", () => {
    expect(states({ ...nothing, models, datasets })).toEqual(["done", "done", "now", "later", "later"]);
  });

  it("does not count a model whose file is gone", () => {
    expect(states({ ...nothing, models: models.filter((model) => model.missing), datasets })[0]).toBe("now");
  });

  it("goes on to compare and export once an adapter is there", () => {
    const trained = { ...nothing, models, datasets, runs, adapters };
    expect(states(trained)).toEqual(["done", "done", "done", "now", "later"]);
    expect(states({ ...trained, compared: true })).toEqual(["done", "done", "done", "done", "now"]);
    expect(states({ ...trained, compared: true, exported: true })).not.toContain("now");
  });
});
