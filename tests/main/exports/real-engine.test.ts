import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ExportRequest } from "@shared/models/export";
import { describe, expect, it } from "vitest";
import { addonPath, modelFixture, realSpawner } from "../../support/real-engine";
import { openStudio } from "../../support/studio";

async function imported(name: string, model: string, activation?: "relu2") {
  const studio = await openStudio({ addonPath, spawner: realSpawner() });
  const base = await studio.client.models.add({ path: modelFixture(model) });
  if (activation) await studio.client.models.chooseActivation({ id: base.id, activation });
  const adapter = await studio.client.adapters.import({ path: modelFixture(name), modelId: base.id, name: "Tuned" });
  const folder = join(studio.folder, "target");
  mkdirSync(folder);
  const write = (wish: Omit<ExportRequest, "adapterId" | "folder">) =>
    studio.client.exports.write({ adapterId: adapter.id, folder, ...wish });
  return { studio, base, adapter, folder, write };
}

describe("with the real engine", { timeout: 120_000 }, () => {
  it("a merged model is one file that agrees with the adapter, the same bytes each time", async () => {
    const { studio, write } = await imported("lora-llama-f16", "llama-f16");
    const [first, second] = [
      await write({ profile: "merged", mergedType: "q8_0" }),
      await write({ profile: "merged", mergedType: "q8_0" }),
    ];
    const { files, eval: found, base, merge } = first.bundle;
    expect(found.top1_agreement).toBeGreaterThan(0.95);
    expect(found.kl_merged_vs_adapter).toBeLessThan(0.02);
    expect([base.file_type, merge]).toEqual([
      "F16",
      { applied: true, formula: "W + alpha/r·B·A", quantised_from: "F16" },
    ]);
    const merged = files.find(({ role }) => role === "merged");
    expect(merged?.path).toBe("merged/Tuned-q8_0.gguf");
    expect(first.bundle.adapter.targets).toContain("attn_q");
    for (const { path, bytes } of files) {
      expect(statSync(join(first.path, path)).size).toBe(bytes);
      expect(readFileSync(join(second.path, path)).equals(readFileSync(join(first.path, path))), path).toBe(true);
    }
    // It is a model like any other.
    const model = await studio.client.models.add({ path: join(first.path, merged?.path ?? "") });
    expect(model.info.name).toBe("Tuned");
  });

  it("a type that loses what the adapter changed is refused with the numbers, and nothing is left", async () => {
    const { write, folder } = await imported("lora-bitnet-tq2_0", "bitnet-tq2_0");
    await expect(write({ profile: "merged", mergedType: "q2_k" })).rejects.toMatchObject({
      code: "export.agreement",
      message: expect.stringMatching(/Merged into Q2_K, "Tuned" is no longer itself: .* at \d+\.\d % of \d+ tokens/),
      hint: expect.stringContaining("Q8_0"),
    });
    await expect(write({ profile: "merged", mergedType: "tq2_0" })).rejects.toMatchObject({
      code: "export.merge-type",
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("base and adapter are loaded again from where they were written", async () => {
    const { write, base } = await imported("lora-qwen3-q8_0", "qwen3-q8_0");
    const { path, bundle } = await write({ profile: "pair", adapterType: "f32" });
    expect(bundle.eval).toMatchObject({ max_logit_difference: 0, on: "built-in text" });
    expect(bundle.files.find(({ role }) => role === "base")?.sha256).toBe(base.digest ?? bundle.base.sha256);
    expect(readFileSync(join(path, "README.md"), "utf8")).toContain("llama-cli -m");
    const page = await write({ profile: "page", adapterType: "f32" });
    expect(page.bundle.eval.max_logit_difference).toBe(0);
  });

  it("a base with squared ReLU goes to no llama.cpp app, unless who exports it knows why", async () => {
    const { write, studio, adapter } = await imported("lora-bitnet-tq2_0", "bitnet-tq2_0", "relu2");
    await expect(write({ profile: "android" })).rejects.toMatchObject({ code: "export.activation" });
    const wishes = [{ adapterId: adapter.id, profile: "pair" as const, pass: ["activation" as const] }];
    const [plan] = await studio.client.exports.plan({ wishes, folder: null, zip: false });
    expect(plan).toMatchObject({ ready: true });
    const { bundle } = await write({ profile: "pair", adapterType: "f32", pass: ["activation"] });
    expect(bundle.warnings.join()).toContain("squared ReLU");
    expect(bundle.base.hidden_activation).toBe("relu2");
  });
});
