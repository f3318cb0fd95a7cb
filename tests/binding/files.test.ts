import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/temp-folder";
import { addon, errorOf, fixture, largestDifference, modelFixture, reference, withModel } from "./support/addon";

describe("devices", () => {
  it("names the CPU with its memory, threads and instruction set", () => {
    const { devices, notes } = addon.devices();
    const [cpu, ...graphics] = devices;
    expect(cpu).toMatchObject({ id: "cpu", kind: "cpu" });
    expect(cpu?.name).not.toBe("");
    expect(cpu?.memoryBytes).toBeGreaterThan(2 ** 28);
    expect(cpu?.threads).toBeGreaterThanOrEqual(1);
    expect(["avx512", "avxvnni", "avx2", "scalar"]).toContain(cpu?.features[0]);
    expect(cpu?.gpu).toBeNull();
    // What there is of these depends on the machine.
    for (const [index, { id, gpu }] of graphics.entries()) {
      expect(id).toBe(`vulkan:${index}`);
      expect(gpu?.driver).not.toBe("");
    }
    if (graphics.length === 0)
      expect(notes.join(" ")).toMatch(/^No graphics card can be used: .+ computed on the CPU\.$/);
  });
});

describe("inspect", () => {
  it("describes a ternary model", async () => {
    const path = modelFixture("bitnet-tq2_0");
    const info = await addon.inspect(path);
    expect(info).toMatchObject({
      path,
      fileBytes: readFileSync(path).length,
      architecture: "bitnet",
      tokenizer: { model: expect.any(String) },
      activation: { kind: "silu" },
      whyNotTrainable: [],
    });
    expect(info.blockCount).toBeGreaterThan(0);
    expect(info.types.map(({ dtype }) => dtype)).toContain("TQ2_0");
    const bytes = info.types.map((type) => type.bytes);
    expect(bytes).toEqual([...bytes].sort((a, b) => b - a));
    expect(info.parameters).toBeGreaterThan(100_000);
  });

  it("tells where the activation of a BitNet file comes from", async () => {
    const { activation } = await addon.inspect(modelFixture("bitnet-relu2-tq2_0"));
    expect(activation).toMatchObject({ kind: "relu2", source: "file" });
  });

  it("reports a choice of the person as such", async () => {
    const model = await addon.openModel(modelFixture("bitnet-tq2_0"), {
      device: "cpu",
      threads: 1,
      activation: "relu2",
    });
    expect(model.info.activation).toMatchObject({ kind: "relu2", source: "chosen" });
    model.close();
  });

  it("refuses every file that is no model, with code and words, and lives on", async () => {
    const folder = fixture("hostile");
    const verdicts = JSON.parse(readFileSync(`${folder}/hostile.json`, "utf8")) as unknown;
    expect(verdicts).toBeTruthy();
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".gguf"))) {
      const error = await errorOf(() => addon.inspect(`${folder}/${name}`));
      expect(error.code, name).toMatch(/^(gguf|metadata|model|file)\./);
      expect(error.message, name).not.toBe("");
      expect(typeof error.hint, name).toBe("string");
    }
  });

  it("tells a missing file, a folder and an adapter apart", async () => {
    expect((await errorOf(() => addon.inspect("/no/such/model.gguf"))).code).toBe("file.missing");
    expect((await errorOf(() => addon.inspect("/"))).code).toMatch(/^file\./);
    const adapter = await errorOf(() => addon.inspect(modelFixture("lora-llama-f16")));
    expect(adapter.code).toBe("model.unsupported");
    expect(adapter.hint).toContain("adapter");
  });
});

describe("adapter files", () => {
  it("are described without their base", async () => {
    const info = await addon.inspectAdapter(modelFixture("lora-llama-f16"));
    expect(info).toMatchObject({ architecture: "llama", rank: 4, alpha: 8, notices: [] });
    expect(info.parameters).toBeGreaterThan(0);
  });

  it("tell about pairs without effect", async () => {
    const { notices } = await addon.inspectAdapter(modelFixture("lora-qwen3-normpair"));
    expect(notices.join(" ")).toContain("attn_q_norm");
  });

  it("are refused when they are models", async () => {
    expect((await errorOf(() => addon.inspectAdapter(modelFixture("llama-f16")))).code).toBe("adapter.type");
  });

  it("convert to F16 and back with metadata, and act as before", async () => {
    const folder = await tempFolder();
    const half = `${folder}/half.gguf`;
    const full = `${folder}/full.gguf`;
    await addon.convertAdapter(modelFixture("lora-llama-f16"), half, {
      type: "f16",
      metadata: { "hone.note": "twice as small" },
    });
    await addon.convertAdapter(half, full, { type: "f32", metadata: {} });
    expect(readFileSync(half).length).toBeLessThan(0.6 * readFileSync(full).length);
    expect(readFileSync(full).includes("twice as small")).toBe(true);
    const { tokens, logits, spread } = reference("lora-llama-f16");
    await withModel("llama-f16", async (model) => {
      const adapter = await model.openAdapter(full);
      const found = await model.logits(tokens, { adapters: [{ adapter, strength: 1 }], activations: "exact" });
      expect(largestDifference(found, logits)).toBeLessThan(0.01 * spread);
    });
  });

  it("never let metadata change what they are, nor leave half a file behind", async () => {
    const folder = await tempFolder();
    const convert = (key: string) => () =>
      addon.convertAdapter(modelFixture("lora-llama-f16"), `${folder}/out.gguf`, {
        type: "f32",
        metadata: { [key]: "x" },
      });
    expect((await errorOf(convert("general.architecture"))).code).toBe("adapter.metadata");
    expect((await errorOf(convert("adapter.lora.alpha"))).code).toBe("adapter.metadata");
    expect(readdirSync(folder)).toEqual([]);
    const missing = () =>
      addon.convertAdapter(modelFixture("lora-llama-f16"), `${folder}/no/out.gguf`, { type: "f32", metadata: {} });
    expect((await errorOf(missing)).code).toBe("file.missing");
  });
});
