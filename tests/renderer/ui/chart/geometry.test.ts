import { type ChartLine, pathOf, thinLines, yAxisOf, yToPixel } from "@renderer/ui/chart/geometry";
import { Column, MeasuredColumn } from "@renderer/ui/chart/trace";
import { describe, expect, it } from "vitest";

function line(ys: readonly number[], key = "a"): ChartLine {
  const x = new Column();
  const y = new MeasuredColumn();
  for (const [index, value] of ys.entries()) {
    x.push(index + 1);
    y.push(value);
  }
  return { key, name: key, trace: y.over(x), color: "red" };
}

const plain = { height: 280, logarithmic: false, clip: false, fromZero: true };
const axis = (ys: readonly number[], options: Partial<typeof plain> = {}) =>
  yAxisOf(thinLines([line(ys)], [0, ys.length], 800), [0, ys.length], { ...plain, ...options });

describe("the y axis", () => {
  it("spans from zero to a round number above the highest point", () => {
    expect(axis([1, 3.9, 2])).toMatchObject({ domain: [0, 4], ticks: [0, 1, 2, 3, 4] });
    expect(axis([])).toMatchObject({ domain: [0, 1] });
  });

  it("fits what is looked at once that is a part", () => {
    const { domain } = axis([0.5, 0.52, 0.51], { fromZero: false });
    expect(domain[0]).toBeGreaterThan(0.49);
    expect(domain[1]).toBeLessThan(0.53);
  });

  it("follows the many and not the spike when spikes are clipped", () => {
    const values = Array.from({ length: 2000 }, (_, index) => (index % 500 === 77 ? 80 : 1 + (index % 7) / 10));
    expect(axis(values).domain[1]).toBe(80);
    expect(axis(values, { clip: true }).domain[1]).toBeLessThanOrEqual(2);
  });

  it("clips nothing of a line with few points", () => {
    expect(axis([1, 1, 9], { clip: true }).domain[1]).toBeGreaterThanOrEqual(9);
  });

  it("is logarithmic over what has a logarithm", () => {
    const y = axis([0, 0.01, 10], { logarithmic: true });
    expect(y).toMatchObject({ logarithmic: true, ticks: [0.01, 0.03, 0.1, 0.3, 1, 3, 10] });
    const plot = { width: 800, height: 280, x: [0, 3] as const, y };
    expect(yToPixel(plot, 0)).toBeCloseTo(yToPixel(plot, y.domain[0]));
    expect(yToPixel(plot, 0.1) - yToPixel(plot, 1)).toBeCloseTo(yToPixel(plot, 1) - yToPixel(plot, 10));
  });
});

describe("a drawing", () => {
  it.each([1000, 100_000])("of %d points takes as much as its width can show", (length) => {
    const lines = [line(Array.from({ length }, (_, index) => Math.sin(index)))];
    const [thinned] = thinLines(lines, [0, length], 800);
    expect(thinned?.points.length).toBeLessThanOrEqual(2 * 722 + 2);
    const x = [0, length] as const;
    const y = yAxisOf(thinned ? [thinned] : [], x, plain);
    const path = thinned ? pathOf(thinned, { width: 800, height: 280, x, y }) : "";
    expect(path.length).toBeLessThan(25_000);
    expect(path).toMatch(/^M[\d.]+ [\d.-]+L/);
  });
});
