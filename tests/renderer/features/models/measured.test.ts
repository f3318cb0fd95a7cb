import { measuredFor, rowsAtHand } from "@renderer/features/models/measured";
import { supportTable } from "@shared/support/support";
import { describe, expect, it } from "vitest";

const of = (architecture: string, ...dtypes: string[]) => ({
  architecture,
  types: dtypes.map((dtype) => ({ dtype, tensors: 10, bytes: 1000 })),
});

describe("what was measured for a model", () => {
  it("is that of files of its architecture and type, the worst of them", () => {
    const rows = supportTable.filter(({ architecture, type }) => architecture === "bitnet" && type === "TQ2_0");
    expect(rows.length).toBeGreaterThan(1);
    expect(measuredFor(of("bitnet", "TQ2_0", "F16"), supportTable)).toEqual({
      rows,
      logitsError: Math.max(...rows.map(({ logitsError }) => logitsError)),
      gradientError: Math.max(...rows.map(({ gradientError }) => gradientError)),
      exact: true,
    });
  });

  it("is the worst of its architecture and of its types where no such file was measured", () => {
    const found = measuredFor(of("qwen3", "Q4_K"), supportTable);
    expect(found?.exact).toBe(false);
    expect(found?.rows.map(({ model }) => model)).toEqual(["llama-q4_k", "qwen3-q8_0"]);
  });

  it("leaves out types that are a small part of the file, and is nothing where nothing is known", () => {
    const types = [
      { dtype: "Q8_0", tensors: 100, bytes: 10_000 },
      { dtype: "F32", tensors: 50, bytes: 100 },
    ];
    const rows = measuredFor({ architecture: "llama", types }, supportTable)?.rows ?? [];
    expect(rows.length).toBeGreaterThan(1);
    expect(new Set(rows.map(({ type }) => type))).toEqual(new Set(["Q8_0"]));
    expect(measuredFor(of("unknown", "IQ1_S"), supportTable)).toBeNull();
  });

  it("marks the rows that the shelf has", () => {
    const rows = rowsAtHand([of("llama", "F16"), of("qwen3", "Q4_K")], supportTable);
    expect([...rows].map(({ model }) => model)).toEqual(["llama-f16"]);
  });
});

describe("the table of what works", () => {
  it("has every architecture and every type that can be read, each trained and exported exactly", () => {
    const all = <Key extends keyof (typeof supportTable)[number]>(key: Key) =>
      new Set(supportTable.map((row) => row[key]));
    for (const name of ["llama", "qwen2", "qwen3", "gemma3", "smollm3", "phi3", "lfm2", "bitnet", "bitnet-b1.58"])
      expect(all("architecture")).toContain(name);
    for (const type of [
      "F32",
      "F16",
      "BF16",
      "Q8_0",
      "Q4_0",
      "Q4_1",
      "Q5_0",
      "Q5_1",
      "Q2_K",
      "Q3_K",
      "Q4_K",
      "Q5_K",
      "Q6_K",
      "IQ4_NL",
      "TQ1_0",
      "TQ2_0",
      "I2_S",
    ])
      expect(all("type")).toContain(type);
    expect([...all("exportedExactly")]).toEqual([true]);
  });
});
