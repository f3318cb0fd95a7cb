import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAddon } from "@main/engine/worker/addon";
import { describe, expect, it } from "vitest";
import { addonPath, modelFixture, realSpawner } from "../../support/real-engine";
import { openStudio } from "../../support/studio";

const folderOf = (name: string) => modelFixture(name).replace(/\.gguf$/, "-peft");

async function imported(name: string, model: string, path = folderOf(name)) {
  const studio = await openStudio({ addonPath, spawner: realSpawner() });
  const { id: modelId } = await studio.client.models.add({ path: modelFixture(model) });
  const target = join(studio.folder, "target");
  mkdirSync(target);
  return { studio, target, adapter: await studio.client.adapters.import({ path, modelId }) };
}

describe("with the real engine, the folder of a PEFT adapter", () => {
  it("comes in for its model, and goes out with the same numbers after its logits were compared", async () => {
    const { studio, target, adapter } = await imported("lora-llama-f16", "llama-f16");
    expect(adapter).toMatchObject({ name: "lora-llama-f16-peft", rank: 4, alpha: 8, origin: "imported", notices: [] });
    expect(adapter.check.effect.meanSquare).toBeGreaterThan(0.1);
    expect(adapter.check.roundTrip).toMatchObject({ maxDifference: 0, top1Agreement: 1 });
    const { path, bundle } = await studio.client.exports.write({
      adapterId: adapter.id,
      folder: target,
      profile: "peft",
    });
    const folder = join(path, "adapter", "peft");
    expect(readdirSync(path).sort()).toEqual(["README.md", "SHA256SUMS", "adapter", "hone.json", "probe"]);
    expect(readdirSync(folder).sort()).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
    expect(bundle).toMatchObject({ profile: "peft", eval: { max_logit_difference: 0, kl_merged_vs_adapter: 0 } });
    expect(readFileSync(join(path, "README.md"), "utf8")).toContain("PeftModel.from_pretrained");
    const weights = (path: string) => readFileSync(join(path, "adapter_model.safetensors"));
    // The header lists the same tensors in the same order, so the data can be compared as it is.
    const size = (bytes: Buffer) => 8 + Number(bytes.readBigUInt64LE());
    const [ours, recorded] = [weights(folder), weights(folderOf("lora-llama-f16"))];
    expect(ours.subarray(size(ours)).equals(recorded.subarray(size(recorded)))).toBe(true);
  });

  it("is meant as well by one of its files", async () => {
    const path = join(folderOf("lora-qwen3-q8_0"), "adapter_config.json");
    const { adapter } = await imported("lora-qwen3-q8_0", "qwen3-q8_0", path);
    expect(adapter).toMatchObject({ name: "lora-qwen3-q8_0-peft", rank: 6, alpha: 6 });
  });

  it("is refused for another model, and nothing is kept", async () => {
    const { studio } = await imported("lora-llama-f16", "llama-f16");
    const { id: modelId } = await studio.client.models.add({ path: modelFixture("qwen3-q8_0") });
    const path = folderOf("lora-llama-f16");
    await expect(studio.client.adapters.import({ path, modelId })).rejects.toMatchObject({ code: "adapter.shape" });
    expect(await studio.client.adapters.list()).toHaveLength(1);
  });

  it("without its weights says what is missing", async () => {
    const studio = await openStudio({ addonPath, spawner: realSpawner() });
    const { id: modelId } = await studio.client.models.add({ path: modelFixture("llama-f16") });
    const path = join(studio.folder, "half");
    mkdirSync(path);
    await expect(studio.client.adapters.import({ path, modelId })).rejects.toMatchObject({ code: "adapter.folder" });
    cpSync(join(folderOf("lora-llama-f16"), "adapter_config.json"), join(path, "adapter_config.json"));
    cpSync(join(path, "adapter_config.json"), join(path, "adapter_model.bin"));
    await expect(studio.client.adapters.import({ path, modelId })).rejects.toThrow(/a Python program/);
  });
});

/** An adapter on every matrix that a fixture stores for a block, with numbers of its own. */
async function writeEveryPair(model: string, path: string): Promise<void> {
  const addon = loadAddon(addonPath);
  const open = await addon.openModel(modelFixture(model), { device: "cpu", threads: 1 });
  const matrices = (await addon.readTensors(modelFixture(model), ".weight")).filter(
    ({ name, shape }) =>
      /^blk\.\d+\.(attn_(q|k|v|qkv|output)|ffn_(gate|up|down)|shortconv\.(in|out)_proj)\.weight$/.test(name) &&
      shape.length === 2,
  );
  let state = 1;
  const numbers = (length: number) =>
    Float32Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return (state / 0x7fff_ffff - 0.5) / 4;
    });
  const tensors = matrices.flatMap(({ name, shape: [inputs = 0, outputs = 0] }, index) => {
    const rank = index % 3 === 0 ? 2 : 3;
    return [
      { name: `${name}.lora_a`, shape: [inputs, rank], values: numbers(rank * inputs) },
      { name: `${name}.lora_b`, shape: [rank, outputs], values: numbers(rank * outputs) },
    ];
  });
  await addon.writeAdapter(path, {
    architecture: open.info.architecture,
    name: "every",
    alpha: 4,
    metadata: {},
    tensors,
  });
  open.close();
}

describe.each([
  { model: "fused-phi-q8_0", modules: ["self_attn.qkv_proj", "self_attn.o_proj", "mlp.gate_up_proj", "mlp.down_proj"] },
  {
    model: "lfm2-q8_0",
    modules: ["conv.in_proj", "conv.out_proj", "self_attn.q_proj", "self_attn.out_proj", "feed_forward.w1"],
  },
])("an adapter of $model", ({ model, modules }) => {
  it("goes out as a PEFT folder by the names of its checkpoint, and comes in again to the bit", async () => {
    const studio = await openStudio({ addonPath, spawner: realSpawner() });
    const { id: modelId } = await studio.client.models.add({ path: modelFixture(model) });
    const path = join(studio.folder, "every.gguf");
    await writeEveryPair(model, path);
    const adapter = await studio.client.adapters.import({ path, modelId });
    expect(adapter.check.effect.meanSquare).toBeGreaterThan(0.01);
    const target = join(studio.folder, "target");
    mkdirSync(target);
    const { path: whole, bundle } = await studio.client.exports.write({
      adapterId: adapter.id,
      folder: target,
      profile: "peft",
    });
    const folder = join(whole, "adapter", "peft");
    expect(bundle.eval).toMatchObject({ max_logit_difference: 0, top1_agreement: 1 });
    const header = readFileSync(join(folder, "adapter_model.safetensors"), "latin1");
    for (const module of modules) expect(header).toContain(`${module}.lora_A.weight`);
    const config = JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8")) as Record<string, unknown>;
    expect(Object.keys(config.rank_pattern as object).length).toBeGreaterThan(0);

    const again = await studio.client.adapters.import({ path: folder, modelId });
    expect(again.check.roundTrip).toMatchObject({ maxDifference: 0 });
    expect(again.check.effect).toEqual(adapter.check.effect);
    const merged = await studio.client.exports.merge({
      adapterId: again.id,
      folder: target,
      type: "f16",
      embedding: "keep",
      strength: 1,
    });
    expect(merged.check.merged.meanSquare).toBeLessThan(1e-4);
  });
});

describe("pairs that have no effect", () => {
  it("are told when a GGUF adapter is imported, and left out of a PEFT folder", async () => {
    const { studio, target, adapter } = await imported("", "qwen3-q8_0", modelFixture("lora-qwen3-normpair"));
    expect(adapter.notices.join()).toMatch(/attn_q_norm.weight was dropped: it has no effect/);
    const request = { adapterId: adapter.id, folder: target, profile: "peft" } as const;
    const { path } = await studio.client.exports.write(request);
    const weights = readFileSync(join(path, "adapter", "peft", "adapter_model.safetensors"), "latin1");
    expect(weights).not.toContain("q_norm");
  });
});
