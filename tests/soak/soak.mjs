import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildBundles } from "../../main/setup/bundles.mjs";
import { installDependencies } from "../../main/setup/dependencies.mjs";
import { buildEngine } from "../../main/setup/engine.mjs";
import { fail, say } from "../../main/setup/say.mjs";
import { damageCheckpoints, fillDisk } from "./faults.mjs";
import { ServedStudio } from "./served-studio.mjs";

// npm run soak -- [--runs 200] [--json FILE] [--seed N] [--keep]
// A queue of tiny runs in the real program, with its processes killed, its checkpoints damaged and its disk full at random
// moments. Every adapter is compared with that of a twin that nothing happened to.

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "200" },
    json: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    keep: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
const random = seeded(Number(values.seed));
const kinds = Math.min(6, runs);
const model = fileURLToPath(new URL("../fixtures/models/bitnet-tq2_0.gguf", import.meta.url));

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

async function soak() {
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs must be a number from 1, not "${values.runs}"`);
  await installDependencies();
  await buildEngine();
  await buildBundles();
  const folder = mkdtempSync(join(tmpdir(), "hone-soak-"));
  const begin = performance.now();
  say(`${runs} runs of ${kinds} kinds, seed ${values.seed}, in ${folder}`);
  try {
    const twins = await unbroken(join(folder, "twins"), folder);
    const result = await torture(join(folder, "data"), folder, twins);
    const report = {
      ...result,
      seconds: Math.round((performance.now() - begin) / 100) / 10,
      seed: Number(values.seed),
    };
    if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 1)}\n`);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    process.exitCode = report.lost === 0 && report.mismatched === 0 ? 0 : 1;
  } finally {
    if (values.keep) say(`kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Puts the runs into the queue of a studio, one recipe after the other. */
async function queueUp(studio, folder, count) {
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

/** Digest of each kind's adapter when nothing happens; also how the program's memory and handles grow meanwhile. */
async function unbroken(data, folder) {
  const studio = await ServedStudio.start(data);
  await queueUp(studio, folder, kinds);
  for (;;) {
    const all = await studio.call("runs.list");
    const failed = all.find(({ state }) => state === "failed");
    if (failed) throw new Error(`an unbroken run failed: ${failed.error?.message}`);
    if (all.every(({ state }) => state === "done")) break;
    await setTimeout(100);
  }
  const digests = await digestsOf(studio);
  await studio.stop();
  say(`${digests.length} twins are done`);
  return new Map(digests.map(({ seed, digest }) => [seed, digest]));
}

async function digestsOf(studio) {
  const adapters = await studio.call("adapters.list");
  return adapters.map(({ runId, recipe: { seed }, digest }) => ({ runId, seed, digest }));
}

async function torture(data, folder, twins) {
  const counts = { kills: 0, faults: 0 };
  const continued = new Map();
  let studio = await ServedStudio.start(data);
  await queueUp(studio, folder, runs);
  let usage = { first: studio.usage(), last: null };
  const usages = [];
  let told = 0;
  const restart = async () => {
    usages.push(usage);
    studio = await ServedStudio.start(data);
    await setTimeout(300);
    usage = { first: studio.usage(), last: null };
  };
  for (;;) {
    await setTimeout(200 + 1300 * random());
    usage.last = studio.usage();
    const all = await studio.call("runs.list");
    const left = all.filter(({ state }) => state === "queued" || state === "running");
    for (const run of all.filter(({ state }) => state === "failed")) {
      const times = (continued.get(run.id) ?? 0) + 1;
      continued.set(run.id, times);
      // A run that the queue has given up may be continued by its owner; one that never ends well is lost.
      if (times <= 20) left.push(await studio.call("runs.continue", { id: run.id }));
    }
    if (left.length === 0) break;
    const done = all.length - left.length;
    if (done >= told + 20) say(`${done} of ${runs} runs are done, ${counts.kills} kills, ${counts.faults} faults`);
    if (done >= told + 20) told = done;

    const choice = random();
    if (choice < 0.45) {
      const [pid] = [...studio.engines()].sort(() => random() - 0.5);
      if (pid !== undefined && killed(pid)) counts.kills += 1;
    } else if (choice < 0.7) {
      await studio.kill();
      counts.kills += 1;
      // The engines notice that they are alone.
      await setTimeout(300);
      if (random() < 0.6) counts.faults += damageCheckpoints(data, random);
      await restart();
    } else if (choice < 0.85 && (await fillDisk(data, studio.engines(), 300 + 700 * random()))) counts.faults += 1;
  }
  usages.push(usage);
  const digests = await digestsOf(studio);
  const all = await studio.call("runs.list");
  await studio.stop();
  const done = new Set(all.filter(({ state }) => state === "done").map(({ id }) => id));
  return {
    runs,
    ...counts,
    lost: runs - digests.filter(({ runId }) => done.has(runId)).length,
    mismatched: digests.filter(({ seed, digest }) => twins.get(seed) !== digest).length,
    continued: [...continued.values()].reduce((sum, times) => sum + times, 0),
    ...growth(usages),
  };
}

/** Most that the program grew within one of its lives. */
function growth(usages) {
  const grown = (key) => Math.max(0, ...usages.map(({ first, last }) => (first && last ? last[key] - first[key] : 0)));
  return { handlesGrown: grown("handles"), bytesGrown: grown("bytes") };
}

function killed(pid) {
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

soak().catch(fail);
