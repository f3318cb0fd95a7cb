import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { sha256OfFile } from "@main/storage/files";
import { type MergeRequest, mergeTypes } from "@shared/models/merge";
import { describe, expect, it } from "vitest";
import { addonPath, modelFixture, realSpawner } from "../../support/real-engine";
import { eventually, openStudio, runUntil, startRun, stock } from "../../support/studio";

async function imported(name: string, model: string) {
  const studio = await openStudio({ addonPath, spawner: realSpawner() });
  const { id: modelId } = await studio.client.models.add({ path: modelFixture(model) });
  const adapter = await studio.client.adapters.import({ path: modelFixture(name), modelId });
  const folder = join(studio.folder, "target");
  mkdirSync(folder);
  const request = (change: Partial<MergeRequest>): MergeRequest => ({
    adapterId: adapter.id,
    folder,
    type: "q8_0",
    embedding: "keep",
    strength: 1,
    ...change,
  });
  return { studio, adapter, folder, request };
}

describe("with the real engine, a merge", () => {
  it("is one model file that behaves like base and adapter, and can be put on the shelf", async () => {
    const { studio, adapter, folder, request } = await imported("lora-llama-f16", "llama-f16");
    const plans = await studio.client.exports.mergePlans({ adapterId: adapter.id, embedding: "keep" });
    expect(plans.map(({ type }) => type)).toEqual([...mergeTypes]);
    const merged = await studio.client.exports.merge(request({}));
    expect(merged.path).toBe(join(folder, "lora-llama-f16-q8_0.gguf"));
    expect(merged.bytes).toBe(merged.plan.fileBytes);
    // A plan for choosing does not know the names that go into the file.
    const planned = plans.find(({ type }) => type === "q8_0")?.fileBytes ?? 0;
    expect(merged.bytes - planned).toBeLessThan(1000);
    expect(merged.digest).toBe(await sha256OfFile(merged.path));
    expect(merged.check.merged.meanSquare).toBeLessThan(2e-3);
    expect(merged.check.base.meanSquare).toBeGreaterThan(0.1);
    expect(readdirSync(folder)).toEqual(["lora-llama-f16-q8_0.gguf"]);
    const model = await studio.client.models.add({ path: merged.path });
    expect(model.info).toMatchObject({ architecture: "llama", name: "lora-llama-f16", whyNotTrainable: [] });
    const stages = studio.news.flatMap(({ path, payload }) =>
      path === "exports.merging" ? [(payload as { stage: string }).stage] : [],
    );
    expect([...new Set(stages)]).toEqual(["writing", "checking", "finishing"]);
  });

  it("takes a strength, and never replaces an earlier file", async () => {
    const { studio, request } = await imported("lora-llama-f16", "llama-f16");
    const whole = await studio.client.exports.merge(request({ type: "f16" }));
    const half = await studio.client.exports.merge(request({ type: "f16", strength: 0.5 }));
    expect(half.path).toBe(whole.path.replace(".gguf", "-2.gguf"));
    expect(half.digest).not.toBe(whole.digest);
    expect(half.check.merged.meanSquare).toBeLessThan(1e-5);
    expect(half.check.base.meanSquare).toBeLessThan(whole.check.base.meanSquare);
  });

  it("back into a ternary type is measured and refused, and Q8_0 is offered", async () => {
    const { studio, folder, request } = await imported("lora-bitnet-tq2_0", "bitnet-tq2_0");
    await expect(studio.client.exports.merge(request({ type: "tq2_0" }))).rejects.toMatchObject({
      code: "merge.ternary",
      message: expect.stringMatching(/the logits are 1\.\d+ away .* base without it would be closer/),
      hint: expect.stringContaining("Q8_0"),
      details: { type: "tq2_0", offer: ["q8_0", "adapter"] },
    });
    expect(readdirSync(folder)).toEqual([]);
    const { check, warnings } = await studio.client.exports.merge(request({}));
    expect(check.merged.meanSquare).toBeLessThan(1e-3);
    expect(warnings).toEqual([]);
  });

  it("writes the activation that was chosen by hand, and is read with it again", async () => {
    const { studio, request } = await imported("lora-bitnet-tq2_0", "bitnet-tq2_0");
    const [model] = await studio.client.models.list();
    await studio.client.models.chooseActivation({ id: model?.id ?? "", activation: "relu2" });
    const { path, check, warnings } = await studio.client.exports.merge(request({}));
    expect(check.merged.meanSquare).toBeLessThan(1e-2);
    expect(warnings.join()).toContain("squared ReLU");
    const { info } = await studio.client.models.add({ path });
    expect(info.activation).toMatchObject({ kind: "relu2", source: "file" });
  });

  it("that loses what the adapter changed says so with the numbers", async () => {
    const { studio, request } = await imported("lora-bitnet-tq2_0", "bitnet-tq2_0");
    const { warnings } = await studio.client.exports.merge(request({ type: "q4_0", strength: 0.1 }));
    expect(warnings.join()).toMatch(/Q4_0 loses more than what the adapter changed: the logits are 0\.0\d/);
  });
});

describe("a merge", () => {
  async function trained() {
    const studio = await openStudio();
    await stock(studio);
    const started = await startRun(studio);
    const run = await runUntil(studio, started.id, ({ state }) => state === "done");
    const folder = join(studio.folder, "target");
    mkdirSync(folder);
    const request: MergeRequest = {
      adapterId: run.adapterId ?? "",
      folder,
      type: "q8_0",
      embedding: "keep",
      strength: 1,
    };
    return { studio, folder, request };
  }

  it("can be stopped, and leaves nothing behind", async () => {
    const { studio, folder, request } = await trained();
    studio.engine.mergeMs = 100_000;
    const merging = studio.client.exports.merge(request);
    merging.catch(() => undefined);
    await eventually(
      () => studio.news.some(({ path }) => path === "exports.merging"),
      (told) => told,
    );
    await expect(studio.client.exports.merge(request)).rejects.toMatchObject({ code: "merge.running" });
    await studio.client.exports.stopMerge({ adapterId: request.adapterId });
    await expect(merging).rejects.toMatchObject({ code: "merge.stopped" });
    expect(readdirSync(folder)).toEqual([]);
    studio.engine.mergeMs = 0;
    await studio.client.exports.merge(request);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("that misses the limit of an exact type is not kept", async () => {
    const { studio, folder, request } = await trained();
    for (const difference of [0.5, Number.NaN]) {
      studio.engine.difference = difference;
      await expect(studio.client.exports.merge(request)).rejects.toMatchObject({ code: "export.check" });
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it("dies with its engine process, and leaves nothing behind", async () => {
    const { studio, folder, request } = await trained();
    studio.engine.mergeMs = 100_000;
    const merging = studio.client.exports.merge(request);
    merging.catch(() => undefined);
    await eventually(
      () => readdirSync(folder).length,
      (count) => count === 1,
    );
    studio.engine.kill("studio", "SIGKILL");
    await expect(merging).rejects.toMatchObject({ code: expect.stringMatching(/^engine\./) });
    expect(readdirSync(folder)).toEqual([]);
  });
});
