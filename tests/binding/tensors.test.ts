import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/temp-folder";
import { addon, errorOf, fixture, modelFixture, withModel } from "./support/addon";

describe("tensors", () => {
  it("of a file come as numbers, with the contiguous axis first", async () => {
    const tensors = await addon.readTensors(modelFixture("lora-llama-f16"));
    const [first] = tensors;
    expect(first).toMatchObject({ name: "blk.0.attn_q.weight.lora_a", type: "F32", shape: [expect.any(Number), 4] });
    expect(first?.values.length).toBe((first?.shape[0] ?? 0) * 4);
    expect(await addon.readTensors(modelFixture("bitnet-scale-tq2_0"), ".scale")).not.toHaveLength(0);
  });

  it("of an adapter can be written and come back to the bit", async () => {
    const path = join(await tempFolder(), "copy.gguf");
    const tensors = await addon.readTensors(modelFixture("lora-llama-f16"));
    await addon.writeAdapter(path, {
      architecture: "llama",
      name: "copy",
      alpha: 8,
      metadata: { "hone.x": "y" },
      tensors,
    });
    expect(await addon.readTensors(path)).toEqual(tensors);
    expect(await addon.inspectAdapter(path)).toMatchObject({ name: "copy", rank: 4, alpha: 8 });
  });

  it("are refused by writeAdapter where a number is missing or not finite", async () => {
    const path = join(await tempFolder(), "bad.gguf");
    const write = (values: Float32Array) =>
      addon.writeAdapter(path, {
        architecture: "llama",
        name: "",
        alpha: 1,
        metadata: {},
        tensors: [{ name: "blk.0.attn_q.weight.lora_a", shape: [2, 2], values }],
      });
    expect(await errorOf(() => write(new Float32Array(3)))).toMatchObject({ code: "addon.argument" });
    expect(await errorOf(() => write(Float32Array.of(1, 2, Number.NaN, 4)))).toMatchObject({
      code: "adapter.not-finite",
    });
  });
});

describe("blocks", () => {
  it("are encoded and decoded by the name of their type", () => {
    const values = Float32Array.from({ length: 64 }, (_, index) => index - 32);
    const blocks = addon.encodeBlocks("Q8_0", values);
    expect(blocks).toHaveLength(68);
    expect(
      Math.max(...addon.decodeBlocks("Q8_0", blocks).map((value, i) => Math.abs(value - (values[i] ?? 0)))),
    ).toBeLessThan(0.2);
  });

  it("are refused where they are not whole or of no known type", async () => {
    expect(await errorOf(() => addon.encodeBlocks("Q8_0", new Float32Array(31)))).toMatchObject({
      code: "addon.argument",
    });
    expect(await errorOf(() => addon.decodeBlocks("Q4_K", new Uint8Array(143)))).toMatchObject({
      code: "addon.argument",
    });
    expect(await errorOf(() => addon.decodeBlocks("Q9", new Uint8Array(0)))).toMatchObject({ code: "addon.argument" });
    expect(await errorOf(() => addon.decodeBlocks("IQ1_S", new Uint8Array(50)))).toMatchObject({
      code: "quant.unsupported",
    });
  });
});

describe("a header in memory", () => {
  it("is counted or refused", async () => {
    expect(addon.parseHeader(new Uint8Array(readFileSync(fixture("hostile/ok-one-tensor.gguf"))))).toMatchObject({
      tensors: 1,
    });
    const bad = new Uint8Array(readFileSync(fixture("hostile/bad-magic.gguf")));
    expect(await errorOf(() => addon.parseHeader(bad))).toMatchObject({ code: "gguf.magic" });
  });
});

describe("gradients", () => {
  it("are refused for tokens outside the vocabulary and for masks that learn nothing", async () => {
    await withModel("llama-f16", async (model) => {
      const adapter = await model.openAdapter(modelFixture("lora-llama-f16"));
      const ask = (tokens: number[], mask: number[]) =>
        errorOf(() => model.gradients({ tokens: Int32Array.from(tokens), mask: Uint8Array.from(mask), adapter }));
      expect(await ask([1, 1_000_000], [0, 1])).toMatchObject({ code: "generate.token" });
      expect(await ask([1, 2], [1, 0])).toMatchObject({ code: "gradients.targets" });
      expect(await ask([1, 2], [1])).toMatchObject({ code: "gradients.targets" });
    });
  });

  it("of a step leave the adapter itself as it was", async () => {
    await withModel("llama-f16", async (model) => {
      const adapter = await model.openAdapter(modelFixture("lora-llama-f16"));
      const request = { tokens: Int32Array.of(5, 6, 7, 8), mask: Uint8Array.of(0, 1, 1, 1), adapter };
      const before = await model.gradients(request);
      const optimiser = { steps: 2, learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
      const { losses } = await model.steps({ ...request, optimiser });
      expect(losses).toHaveLength(3);
      expect(losses[0]).toBe(before.loss);
      expect(losses[2]).toBeLessThan(before.loss);
      expect((await model.gradients(request)).loss).toBe(before.loss);
    });
  });
});
