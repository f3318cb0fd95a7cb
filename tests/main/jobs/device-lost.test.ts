import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadAddon } from "@main/engine/worker/addon";
import type { RunRecord } from "@shared/models/run";
import { afterEach, describe, expect, it, vi } from "vitest";
import { addonPath, modelFixture, realSpawner } from "../../support/real-engine";
import { recipeWith } from "../../support/recipe";
import { eventually, openStudio, type Studio } from "../../support/studio";

// A real Vulkan device, computed in software or not, that is treated as lost after some submissions.

const hasVulkan = loadAddon(addonPath)
  .devices()
  .devices.some(({ gpu }) => gpu && gpu.unusable === "");
const recipe = recipeWith({ maxSteps: 12, batchSize: 1, rank: 2, projections: ["q"], checkpointEvery: 1 });

const isOver = ({ state }: RunRecord) => state === "done" || state === "failed";
const end = ({ client }: Studio, id: string) => eventually(() => client.runs.get({ id }), isOver);
const logOf = async ({ client }: Studio, id: string) =>
  (await client.runs.history({ id })).log.map(({ text }) => text).join("\n");

async function openOn(device: string): Promise<Studio> {
  const studio = await openStudio({ addonPath, spawner: realSpawner() });
  await studio.client.settings.set({ device });
  return studio;
}

async function start({ client, folder }: Studio): Promise<RunRecord> {
  const rows = Array.from({ length: 12 }, (_, index) => JSON.stringify({ prompt: `say ${index}`, completion: "no" }));
  writeFileSync(join(folder, "rows.jsonl"), `${rows.join("\n")}\n`);
  const model = await client.models.add({ path: modelFixture("bitnet-tq2_0") });
  const dataset = await client.datasets.import({ path: join(folder, "rows.jsonl") });
  return client.runs.start({ modelId: model.id, datasetId: dataset.id, goal: "format", recipe });
}

afterEach(() => vi.unstubAllEnvs());

describe.skipIf(!hasVulkan)("a run on a graphics card (skipped where there is no Vulkan device)", () => {
  it("that is lost stops with the reason, and goes on from its checkpoint on the CPU", {
    timeout: 120_000,
  }, async () => {
    vi.stubEnv("HONE_VULKAN_LOSE_AFTER", "60");
    const studio = await openOn("vulkan:0");
    const { id } = await start(studio);
    const stopped = await end(studio, id);
    expect(stopped).toMatchObject({
      state: "failed",
      device: "vulkan:0",
      resumable: true,
      error: { code: "vulkan.device-lost" },
    });
    const reached = stopped.progress?.step ?? 0;
    expect(reached).toBeGreaterThan(0);
    await studio.client.runs.continue({ id, device: "cpu" });
    const done = await end(studio, id);
    expect(done).toMatchObject({ state: "done", device: "cpu" });
    expect(done.progress?.step).toBe(done.progress?.totalSteps);
    const log = await logOf(studio, id);
    expect(log).toContain("Computed on vulkan:0.");
    expect(log).toContain('It goes on on the device "cpu".');
    expect(log).toContain("Going on from the last checkpoint.");
  });

  it("stays there when another device is chosen meanwhile", { timeout: 120_000 }, async () => {
    const studio = await openOn("vulkan:0");
    const { id } = await start(studio);
    await eventually(
      () => studio.client.runs.get({ id }),
      (run) => (run.progress?.step ?? 0) >= 2,
    );
    await studio.client.runs.pause({ id });
    await studio.client.settings.set({ device: "cpu" });
    await studio.client.runs.continue({ id });
    expect(await end(studio, id)).toMatchObject({ state: "done", device: "vulkan:0" });
  });
});

describe("a run on a device that is not there", () => {
  it("is not started, and says what the machine has", { timeout: 60_000 }, async () => {
    const studio = await openOn("vulkan:99");
    await expect(start(studio)).rejects.toMatchObject({ code: "vulkan.absent" });
  });
});
