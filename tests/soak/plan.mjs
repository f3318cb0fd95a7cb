import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const model = fileURLToPath(new URL("../fixtures/models/bitnet-tq2_0.gguf", import.meta.url));

/** Runs differ by their seed, and so by their adapter. */
export const kinds = 6;

const recipe = (seed) => ({
  rank: 4,
  alpha: 8,
  rankStabilised: false,
  dropout: 0.1,
  projections: ["q", "v", "up"],
  learningRate: 2e-3,
  schedule: "cosine",
  warmup: 0.1,
  epochs: 12,
  maxSteps: null,
  batchSize: 4,
  accumulation: 1,
  contextLength: 64,
  packing: true,
  clipNorm: 1,
  weightDecay: 0,
  activationCheckpointing: true,
  validationShare: 0.1,
  validateEvery: 20,
  checkpointEvery: 7,
  sampleEvery: 0,
  seed,
  // Every third kind stops by its validation loss, which must survive all of this, too.
  patience: seed % 3 === 0 ? 2 : null,
});

/** Puts so many runs into the queue of a studio, one kind after the other. */
export async function queueUp(studio, folder, count) {
  const rows = Array.from({ length: 40 }, (_, index) =>
    JSON.stringify({ prompt: `say ${index % 7}`, completion: `it is ${index % 7}` }),
  );
  const path = join(folder, "rows.jsonl");
  writeFileSync(path, `${rows.join("\n")}\n`);
  const { id: modelId } = await studio.call("models.add", { path: model });
  const { id: datasetId } = await studio.call("datasets.import", { path });
  for (let index = 0; index < count; index += 1) {
    const plan = { modelId, datasetId, goal: "format", recipe: recipe(1 + (index % kinds)), name: `soak ${index + 1}` };
    await studio.call("runs.start", plan);
  }
}

/** What the runs of a studio came to. The file is what counts, not what the database says of it. */
export async function adaptersOf(studio, digestOf) {
  const adapters = await studio.call("adapters.list");
  return adapters.map(({ runId, recipe: { seed }, digest, path }) => ({
    runId,
    seed,
    digest: digestOf(path) === digest ? digest : "not what is stored",
  }));
}
