import { clampRange, panRange, zoomRange } from "@renderer/ui/chart/view";
import { describe, expect, it } from "vitest";

const full = [0, 1000] as const;

describe("the part that is looked at", () => {
  it("comes closer around a place, which stays where it is", () => {
    expect(zoomRange(full, 250, 0.5, full)).toEqual([125, 625]);
    expect(zoomRange([125, 625], 250, 0.5, full)).toEqual([187.5, 437.5]);
  });

  it("shows everything when it would be wider than that", () => {
    expect(zoomRange([100, 900], 500, 2, full)).toBeNull();
    expect(clampRange([0, 1000], full)).toBeNull();
  });

  it("stays within the whole and keeps its width", () => {
    expect(panRange([100, 300], -0.9, full)).toEqual([0, 200]);
    expect(panRange([700, 900], 5, full)).toEqual([800, 1000]);
  });

  it("comes no closer than can be told apart", () => {
    const [from, to] = zoomRange([500, 500.001], 500, 1e-9, full) ?? [0, 0];
    expect(to - from).toBeCloseTo(0.01);
  });

  it("is everything where there is nothing", () => {
    expect(zoomRange([0, 0], 0, 0.5, [0, 0])).toBeNull();
  });
});
