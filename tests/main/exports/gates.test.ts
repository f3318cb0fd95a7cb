import { type GateFacts, gatesOf } from "@main/exports/gates";
import { mainType, mergedTypeOf } from "@main/exports/profiles";
import type { ExportGateId, ExportWish } from "@shared/models/export";
import type { ModelInfo } from "@shared/models/model";
import { describe, expect, it } from "vitest";

/** BitNet 2B-4T by its shape. */
const bitnet: ModelInfo = {
  path: "/models/bitnet.gguf",
  fileBytes: 810_000_000,
  name: "BitNet",
  architecture: "bitnet-b1.58",
  parameters: 2_412_820_480,
  contextLength: 4096,
  embeddingLength: 2560,
  feedForwardLength: 6912,
  blockCount: 30,
  headCount: 20,
  headCountKv: 5,
  vocabularySize: 128_256,
  types: [
    { dtype: "TQ2_0", tensors: 210, bytes: 540_000_000 },
    { dtype: "Q6_K", tensors: 1, bytes: 270_000_000 },
    { dtype: "F32", tensors: 121, bytes: 1_000_000 },
  ],
  tokenizer: null,
  chatTemplate: null,
  activation: { kind: "relu2", source: "architecture" },
  license: "MIT",
  description: null,
  whyNotTrainable: [],
};
const silu: ModelInfo = { ...bitnet, activation: { kind: "silu", source: "file" } };

function gate(id: ExportGateId, wish: Omit<ExportWish, "adapterId">, info = silu, more: Partial<GateFacts> = {}) {
  const facts = { base: { expected: "a", found: "a" }, weightBytes: info.fileBytes, disk: null, ...more };
  return gatesOf({ wish: { adapterId: "x", ...wish }, info, ...facts }).find((one) => one.id === id);
}

describe("the activation gate", () => {
  it("blocks what runs on llama.cpp when the base was trained with squared ReLU, until who knows why passes it", () => {
    for (const profile of ["android", "iphone", "merged", "pair", "page", "ollama"] as const) {
      expect(gate("activation", { profile }, bitnet), profile).toMatchObject({ state: "block", passable: true });
      expect(gate("activation", { profile, pass: ["activation"] }, bitnet), profile).toMatchObject({ state: "warn" });
      expect(gate("activation", { profile }), profile).toMatchObject({ state: "pass" });
    }
    expect(gate("activation", { profile: "android" }, bitnet)?.text).toContain("compute this architecture with SiLU");
  });

  it("warns where Hone itself may be the runtime, and lets Python's have it", () => {
    expect(gate("activation", { profile: "adapter" }, bitnet)).toMatchObject({ state: "warn" });
    expect(gate("activation", { profile: "peft" }, bitnet)).toMatchObject({ state: "pass" });
  });
});

describe("the memory gate", () => {
  it("knows the smallest phone that gives an app so much", () => {
    const weights = { weightBytes: 1_440_000_000 };
    expect(gate("memory", { profile: "android" }, silu, weights)).toMatchObject({ state: "pass" });
    expect(gate("memory", { profile: "android", phoneGb: 3 }, silu, weights)).toMatchObject({
      state: "block",
      passable: true,
      text: expect.stringMatching(/a phone with 3 GB gives it less, one with 4 GB is the smallest/),
    });
    expect(gate("memory", { profile: "android", phoneGb: 8 }, silu, weights)).toMatchObject({ state: "pass" });
    expect(gate("memory", { profile: "android" }, silu, { weightBytes: 20e9 })).toMatchObject({
      state: "block",
      text: expect.stringContaining("more than any phone gives"),
    });
    expect(gate("memory", { profile: "adapter" })).toBeUndefined();
  });

  it("holds a browser to less, and an iPhone's to even less", () => {
    const page = (weightBytes: number) => gate("memory", { profile: "page" }, silu, { weightBytes })?.state;
    expect([0.3e9, 0.8e9, 1.4e9].map(page)).toEqual(["pass", "warn", "block"]);
  });
});

describe("the other gates", () => {
  it("refuse what merges destroy, and tell of rows that do not fill the blocks of a type", () => {
    expect(gate("merge-type", { profile: "merged", mergedType: "tq1_0" })).toMatchObject({
      state: "block",
      passable: false,
    });
    const narrow = { ...silu, embeddingLength: 2592 };
    expect(gate("shapes", { profile: "merged", mergedType: "q4_k_m" }, narrow)).toMatchObject({ state: "warn" });
    expect(gate("shapes", { profile: "merged", mergedType: "q4_0" }, narrow)).toMatchObject({ state: "pass" });
  });

  it("want the base that the adapter knows, and room on the disk", () => {
    const other = { base: { expected: "a", found: "b" } };
    expect(gate("base", { profile: "adapter" }, silu, other)).toMatchObject({ state: "block", passable: false });
    expect(gate("disk", { profile: "adapter" }, silu, { disk: { needed: 2e9, free: 1e9 } })).toMatchObject({
      state: "block",
      text: "The export takes 2000 MB, but the disk has 1000 MB free.",
    });
  });
});

describe("the type of a merged file", () => {
  const type = (wish: Omit<ExportWish, "adapterId">, info = silu) => mergedTypeOf({ adapterId: "x", ...wish }, info);

  it("suits the phone: Q4_0 on Android, Q4_K_M on iPhones of 6 GB, Q4_0 on smaller ones, Q8_0 where rows are odd", () => {
    expect(type({ profile: "android" })).toBe("q4_0");
    expect(type({ profile: "iphone" })).toBe("q4_k_m");
    expect(type({ profile: "iphone", phoneGb: 6 })).toBe("q4_k_m");
    expect(type({ profile: "iphone", phoneGb: 4 })).toBe("q4_0");
    expect(type({ profile: "iphone" }, { ...silu, feedForwardLength: 6900 })).toBe("q8_0");
    expect(type({ profile: "iphone", mergedType: "q8_0" })).toBe("q8_0");
    expect(type({ profile: "adapter", mergedType: "q8_0" })).toBeNull();
  });

  it("is called after what most matrices of a base are", () => {
    expect(mainType(bitnet)).toBe("TQ2_0");
    expect(mainType({ types: [{ dtype: "F32", tensors: 9, bytes: 1 }] })).toBe("F32");
  });
});
