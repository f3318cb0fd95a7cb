import { Coverage } from "@main/phone/coverage";
import { describe, expect, it } from "vitest";
import { randomBelow } from "../../support/damage";

describe("the coverage of a file", () => {
  it("counts bytes that were sent twice once", () => {
    const coverage = new Coverage();
    for (const [from, to] of [
      [0, 100],
      [300, 400],
      [50, 150],
      [150, 300],
      [400, 400],
    ] as const)
      coverage.add(from, to);
    expect(coverage.bytes).toBe(400);
  });

  it("agrees with counting one by one", () => {
    const random = randomBelow(7);
    const coverage = new Coverage();
    const one = new Set<number>();
    for (let step = 0; step < 300; step++) {
      const from = random(2000);
      const to = from + random(60);
      coverage.add(from, to);
      for (let at = from; at < to; at++) one.add(at);
      expect(coverage.bytes).toBe(one.size);
    }
  });
});
