import { patternValue } from "@main/adapters/formats/module-patterns";
import { contentOf } from "@main/adapters/formats/pairs";
import { readMlx } from "@main/adapters/formats/read-mlx";
import { readPeft } from "@main/adapters/formats/read-peft";
import { interleaveHalves, separateHalves } from "@main/adapters/formats/row-order";
import { writePeft } from "@main/adapters/formats/write-peft";
import { describe, expect, it } from "vitest";
import { fileOf, llama, type Matrix, recorded } from "./support";

const plain = recorded("lora-llama-f16");
const read = (changes: Record<string, unknown> = {}, matrices: readonly Matrix[] = plain.matrices, base = llama) =>
  readPeft(JSON.stringify({ ...plain.config, ...changes }), fileOf(matrices), base, "x");
const renamed = (to: (name: string) => string) =>
  plain.matrices.map((matrix) => ({ ...matrix, name: to(matrix.name) }));

/** scale · B of one matrix, which is what the model feels. */
const effect = ({ content }: ReturnType<typeof read>, tensor: string) => {
  const b = content.tensors.find(({ name }) => name === `${tensor}.lora_b`);
  const factor = content.alpha / (b?.shape[0] ?? 1);
  return b?.values.map((value) => value * factor) ?? new Float32Array(0);
};
const q = "blk.0.attn_q.weight";
const ratio = (left: Float32Array, right: Float32Array) => (left[5] ?? 0) / (right[5] ?? 1);

describe("a PEFT adapter", () => {
  it("keeps alpha and bits, with the rows of q and k in the order of the GGUF base", () => {
    const { content, notices } = read();
    expect(notices).toEqual([]);
    expect(content.alpha).toBe(8);
    expect(content.tensors.slice(0, 4).map(({ name }) => name)).toEqual([
      `${q}.lora_a`,
      `${q}.lora_b`,
      "blk.0.attn_k.weight.lora_a",
      "blk.0.attn_k.weight.lora_b",
    ]);
    const source = plain.matrices.find(({ name }) => name.endsWith("layers.0.self_attn.q_proj.lora_B.weight"));
    const b = content.tensors[1]?.values ?? new Float32Array(0);
    const half = (b.length / 4 / llama.headCount / 2) * 4;
    // Row 1 of the GGUF order is the first of the second half.
    expect([...b.subarray(4, 8)]).toEqual([...(source?.values.subarray(half, half + 4) ?? [])]);
  });

  it("has alpha / √r for a factor when it says rsLoRA", () => {
    expect(ratio(effect(read({ use_rslora: true }), q), effect(read(), q))).toBeCloseTo(2, 6); // r 4: √4
  });

  it("has factors of its own for modules that patterns name, folded into B", () => {
    const pattern = { "self_attn.q_proj": 24 };
    const changed = read({ alpha_pattern: pattern });
    expect(ratio(effect(changed, q), effect(read(), q))).toBeCloseTo(3, 6);
    expect(ratio(effect(changed, "blk.1.ffn_up.weight"), effect(read(), "blk.1.ffn_up.weight"))).toBeCloseTo(1, 6);
    const deep = read({ alpha_pattern: { "layers\\.1\\..*up_proj": 16 } });
    expect(ratio(effect(deep, "blk.1.ffn_up.weight"), effect(read(), "blk.1.ffn_up.weight"))).toBeCloseTo(2, 6);
    expect(ratio(effect(deep, "blk.0.ffn_up.weight"), effect(read(), "blk.0.ffn_up.weight"))).toBeCloseTo(1, 6);
  });

  it("may have pairs of different ranks", () => {
    const cut = plain.matrices.map((matrix) => {
      if (!matrix.name.includes("layers.0.self_attn.q_proj")) return matrix;
      if (matrix.name.includes("lora_A"))
        return {
          ...matrix,
          shape: [2, matrix.shape[1] ?? 0],
          values: matrix.values.slice(0, matrix.values.length / 2),
        };
      const rows = matrix.shape[0] ?? 0;
      const values = Float32Array.from(
        { length: rows * 2 },
        (_, i) => matrix.values[Math.floor(i / 2) * 4 + (i % 2)] ?? 0,
      );
      return { ...matrix, shape: [rows, 2], values };
    });
    const patterns = { rank_pattern: { "model.layers.0.self_attn.q_proj": 2 } };
    const { content, notices } = read(patterns, cut);
    expect(notices).toEqual([]);
    // alpha / r is 8 / 2 for this pair and 8 / 4 for the others, as one alpha says as well.
    expect(content.alpha).toBe(8);
    expect(read({}, cut).notices.join()).toMatch(/gives .*q_proj the rank 4; its matrices have 2/);
    const tensors = content.tensors.map((tensor) => ({ ...tensor, type: "F32" }));
    const files = writePeft(tensors, 8, llama, "base");
    expect(JSON.parse(files.config)).toMatchObject({ r: 4, lora_alpha: 8, ...patterns, alpha_pattern: {} });
    const without = JSON.parse(writePeft(tensors, 0, llama, "base").config);
    expect(without).toMatchObject({ r: 4, lora_alpha: 4, alpha_pattern: { "model.layers.0.self_attn.q_proj": 2 } });
    expect(readPeft(files.config, Buffer.concat(files.weights), llama, "x").content.tensors).toEqual(content.tensors);
  });

  it("is found under other names that trainers give", () => {
    const { content } = read();
    expect(
      read(
        {},
        renamed((name) => name.replace(".weight", ".default.weight")),
      ).content.tensors,
    ).toEqual(content.tensors);
    expect(
      read(
        {},
        renamed((name) => name.replace("base_model.model.", "")),
      ).content.tensors,
    ).toEqual(content.tensors);
    expect(
      read(
        {},
        renamed((name) => name.replace("base_model.model.model.", "a.b.")),
      ).content.tensors,
    ).toEqual(content.tensors);
  });

  it("loses pairs on norms, which do nothing, and the person is told", () => {
    const matrix = (half: string, shape: number[]) => ({
      name: `base_model.model.model.layers.0.self_attn.q_norm.lora_${half}.weight`,
      shape,
      values: new Float32Array((shape[0] ?? 0) * (shape[1] ?? 0)),
    });
    const { content, notices } = read({}, [...plain.matrices, matrix("A", [4, 1]), matrix("B", [64, 4])]);
    expect(content.tensors).toHaveLength(28);
    expect(notices.join()).toMatch(/q_norm was dropped: it has no effect/);
  });

  it("has B divided by the scale that the base keeps beside its matrix", () => {
    const base = { ...llama, scales: new Map([[q, 4]]) };
    const scaled = read({}, plain.matrices, base);
    expect(ratio(effect(scaled, q), effect(read(), q))).toBeCloseTo(0.25, 6);
    const tensors = scaled.content.tensors.map((tensor) => ({ ...tensor, type: "F32" }));
    const files = writePeft(tensors, scaled.content.alpha, base, "base");
    const again = readPeft(files.config, Buffer.concat(files.weights), base, "x");
    expect(ratio(effect(again, q), effect(scaled, q))).toBeCloseTo(1, 6);
  });

  it.each([
    ["DoRA", { use_dora: true }, /use_dora is set/],
    ["biases", { lora_bias: true }, /lora_bias is set/],
    ["another kind", { peft_type: "IA3" }, /peft_type/],
    ["PiSSA", { init_lora_weights: "pissa" }, /base that was changed/],
    ["an activated one", { alora_invocation_tokens: [1] }, /activated LoRA/],
    ["an alpha of 0", { lora_alpha: 0 }, /changes nothing/],
    ["an alpha that is no number", { lora_alpha: "8" }, /lora_alpha: .*expected number/],
    ["a pattern without end", { alpha_pattern: { "(a*)*b": 2 } }, /too complicated/],
  ])("of %s is refused in words", (_, changes, words) => {
    expect(() => read(changes)).toThrow(words);
  });

  it("with tensors that are no pairs is refused with their names", () => {
    const extra = {
      name: "base_model.model.model.embed_tokens.lora_embedding_A",
      shape: [1],
      values: Float32Array.of(1),
    };
    expect(() => read({}, [...plain.matrices, extra])).toThrow(/lora_embedding_A/);
    expect(() => read({}, plain.matrices.slice(1))).toThrow(/but no lora_A/);
    expect(() =>
      read(
        {},
        renamed((name) => name.replace("q_proj", "x_proj")),
      ),
    ).toThrow(/x_proj, which does not exist in a llama/);
    const spoilt = plain.matrices.map((matrix, i) =>
      i === 3 ? { ...matrix, values: matrix.values.map(() => Number.NaN) } : matrix,
    );
    expect(() => read({}, spoilt)).toThrow(/not a finite number/);
  });

  it("may switch off single modules", () => {
    const one = read({ alpha_pattern: { q_proj: 0 } });
    expect(effect(one, q).every((value) => value === 0)).toBe(true);
    expect(ratio(effect(one, "blk.0.attn_k.weight"), effect(read(), "blk.0.attn_k.weight"))).toBeCloseTo(1, 6);
  });

  it("with an alpha below 0 takes away, and says so", () => {
    const turned = read({ lora_alpha: -8 });
    expect(ratio(effect(turned, q), effect(read(), q))).toBeCloseTo(-1, 6);
    expect(turned.notices).toEqual(["lora_alpha is -8, below 0: the adapter takes away what it was trained to add."]);
  });

  it("that sets what Hone does not know is read with a notice", () => {
    expect(read({ brand_new: [1], megatron_core: "megatron.core" }).notices).toEqual([
      "adapter_config.json sets brand_new, which Hone does not know and passed over.",
    ]);
  });

  it("of a part of the layers names its modules in full", () => {
    const tensors = read()
      .content.tensors.filter(({ name }) => name.startsWith("blk.1.attn_q"))
      .map((tensor) => ({ ...tensor, type: "F32" }));
    expect(JSON.parse(writePeft(tensors, 8, llama, "b").config).target_modules).toEqual([
      "model.layers.1.self_attn.q_proj",
    ]);
    const all = read().content.tensors.map((tensor) => ({ ...tensor, type: "F32" }));
    expect(JSON.parse(writePeft(all, 8, llama, "b").config)).toMatchObject({
      target_modules: plain.config.target_modules,
    });
  });
});

describe("an MLX adapter", () => {
  const transposed = ({ shape: [rows = 0, columns = 0], values }: Matrix) => ({
    shape: [columns, rows],
    values: values.map((_, index) => values[(index % rows) * columns + Math.floor(index / rows)] ?? 0),
  });
  const matrices = plain.matrices.map((matrix) => ({
    ...transposed(matrix),
    name: matrix.name
      .replace("base_model.model.", "")
      .replace(".lora_A.weight", ".lora_a")
      .replace(".lora_B.weight", ".lora_b"),
  }));
  const config = (changes = {}) =>
    JSON.stringify({
      fine_tune_type: "lora",
      num_layers: 2,
      lora_parameters: { rank: 4, scale: 2, dropout: 0 },
      ...changes,
    });

  it("is the same adapter the other way round, with its factor for alpha / r", () => {
    const { content } = readMlx(config(), fileOf(matrices), llama, "x");
    expect(content).toMatchObject({ alpha: 8, tensors: read().content.tensors });
  });

  it("of another kind, or with something that is no half of a pair, is refused", () => {
    expect(() => readMlx(config({ fine_tune_type: "dora" }), fileOf(matrices), llama, "x")).toThrow(/"dora"/);
    const extra = { name: "model.layers.0.self_attn.q_proj.m", shape: [1], values: Float32Array.of(1) };
    expect(() => readMlx(config(), fileOf([...matrices, extra]), llama, "x")).toThrow(/q_proj.m, which is no half/);
  });
});

describe("the order of rows", () => {
  it("goes there and back", () => {
    const values = Float32Array.from({ length: 2 * 8 * 3 }, (_, index) => index);
    expect([...interleaveHalves(values, 3, 2).subarray(0, 9)]).toEqual([0, 1, 2, 12, 13, 14, 3, 4, 5]);
    expect(separateHalves(interleaveHalves(values, 3, 2), 3, 2)).toEqual(values);
  });
});

describe("a pattern", () => {
  it("means the end of a module's path, or a regular expression for it; the first that fits counts", () => {
    const path = "model.layers.3.self_attn.q_proj";
    expect(patternValue({ proj: 1, q_proj: 2 }, path)).toBe(2);
    expect(patternValue({ "layers\\.(1|3)\\.self_attn\\.q_proj": 5, q_proj: 2 }, path)).toBe(5);
    expect(patternValue({ k_proj: 5 }, path)).toBeUndefined();
    expect(() => patternValue({ "[": 5 }, path)).toThrow(/is no pattern/);
  });
});

describe("pairs", () => {
  it("that are none are no adapter", () => {
    expect(() => contentOf([], { architecture: "llama", name: "", metadata: {} })).toThrow(/no pair/);
  });
});
