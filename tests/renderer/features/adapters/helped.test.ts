import { describeChanges, describeForgetting, figure } from "@renderer/features/adapters/hooks/helped";
import { describe, expect, it } from "vitest";

const effect = (generalLossAfter: number) => ({
  answersChanged: 3,
  answers: 4,
  generalLossBefore: 3,
  generalLossAfter,
  generalTokens: 600,
});

describe("what an adapter did beside its task", () => {
  it("is told in words that grow with the loss on a neutral text", () => {
    const words = [2.9, 3.01, 3.08, 3.3, 4].map((after) => describeForgetting(effect(after)));
    expect(words.map(({ tone }) => tone)).toEqual(["good", "good", "info", "warn", "warn"]);
    expect(new Set(words.map((one) => one.words)).size).toBe(5);
  });

  it("counts the answers that changed", () => {
    expect(describeChanges(effect(3))).toBe("3 of 4 answers");
    expect(describeChanges({ ...effect(3), answersChanged: 0 })).toBe("none of 4 answers");
    expect(describeChanges({ ...effect(3), answers: 0 })).toBe("no questions among the held-out rows");
  });

  it("writes shares as per cent and losses with their digits", () => {
    expect(figure("json", 0.9333)).toBe("93.3 %");
    expect(figure("loss", 0.04213)).toBe("0.0421");
    expect(figure("exact", null)).toBe("–");
  });
});
