import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { buildBundles } from "../../main/setup/bundles.mjs";
import { installDependencies } from "../../main/setup/dependencies.mjs";
import { buildEngine } from "../../main/setup/engine.mjs";
import { fail, say } from "../../main/setup/say.mjs";
import { hasNamespaces, mountSmallDisk, namespaceCommand } from "./disk.mjs";
import { adaptersOf, kinds, queueUp } from "./plan.mjs";
import { ServedStudio } from "./served-studio.mjs";
import { torture } from "./torture.mjs";
import { grew, Usage } from "./usage.mjs";

// npm run soak -- [--runs 200] [--quiet 30] [--json FILE] [--seed N] [--keep]
// A queue of tiny runs in the real program, with its processes killed, its files damaged and its disk full at random moments.
// Every adapter is compared with that of a twin that nothing happened to; the twins show whether the program grows.

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "200" },
    /** Runs without trouble, which show what comes out and whether the program grows. */
    quiet: { type: "string", default: "30" },
    json: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    keep: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
/** At least one of each kind, which warms the program up. */
const quietRuns = Math.max(kinds, Number(values.quiet) || 0);

async function soak() {
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs must be a number from 1, not "${values.runs}"`);
  await installDependencies();
  await buildEngine();
  await buildBundles();
  const folder = mkdtempSync(join(tmpdir(), "hone-soak-"));
  const data = join(folder, "data");
  // Each run keeps checkpoints of some 2 MB.
  const disk = mountSmallDisk(data, 64 + 4 * runs);
  const begin = performance.now();
  const seconds = () => Math.round((performance.now() - begin) / 100) / 10;
  say(`${runs} runs of ${kinds} kinds, seed ${values.seed}, in ${folder}`);
  say(disk ? "The data lies on a disk that can be filled." : "No disk can be mounted; files are limited instead.");
  // A disk that stays mounted keeps its memory.
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      disk?.unmount();
      process.exit(130);
    });
  }
  try {
    const quiet = await unbroken(join(folder, "twins"), folder);
    say(`the twins are done after ${seconds()} s: ${JSON.stringify(quiet.growth)}`);
    const { studio, counts } = await torture({ data, folder, runs, random: seeded(Number(values.seed)), disk });
    const adapters = await adaptersOf(studio, digestOf);
    const done = (await studio.call("runs.list")).filter(({ state }) => state === "done").map(({ id }) => id);
    await studio.stop();
    const report = {
      runs,
      ...counts,
      lost: runs - adapters.filter(({ runId }) => done.includes(runId)).length,
      mismatched: adapters.filter(({ seed, digest }) => quiet.twins.get(seed) !== digest).length,
      seconds: seconds(),
      seed: Number(values.seed),
      diskReallyFull: disk !== null,
      quiet: { runs: quietRuns, mismatched: quiet.mismatched, ...quiet.growth, grew: grew(quiet.growth) },
    };
    if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 1)}\n`);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    const good = report.lost + report.mismatched + report.quiet.mismatched === 0 && !report.quiet.grew;
    process.exitCode = good ? 0 : 1;
  } finally {
    if (values.keep) say(`kept: ${folder}`);
    else {
      disk?.unmount();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

/** Each kind's adapter when nothing happens, again and again; and what the program takes from the second time on. */
async function unbroken(data, folder) {
  const studio = await ServedStudio.start(data);
  await queueUp(studio, folder, quietRuns);
  const usage = new Usage(studio);
  for (;;) {
    const all = await studio.call("runs.list");
    const failed = all.find(({ state }) => state === "failed");
    if (failed) throw new Error(`an unbroken run failed: ${failed.error?.message}`);
    const done = all.filter(({ state }) => state === "done").length;
    if (done >= kinds) usage.sample();
    if (done === all.length) break;
    await setTimeout(100);
  }
  // What runs use while they run is given back.
  await setTimeout(500);
  usage.sample();
  const adapters = await adaptersOf(studio, digestOf);
  await studio.stop();
  const twins = new Map(adapters.map(({ seed, digest }) => [seed, digest]));
  return {
    twins,
    mismatched: adapters.filter(({ seed, digest }) => twins.get(seed) !== digest).length,
    growth: usage.growth,
  };
}

function digestOf(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Only in a namespace of its own may a program without root mount the disk that it fills. */
function inNamespace() {
  const inside = "HONE_SOAK_NAMESPACE";
  if (process.platform !== "linux" || process.getuid() === 0 || process.env[inside] || !hasNamespaces()) return false;
  const [command, ...args] = namespaceCommand;
  const { status } = spawnSync(command, [...args, process.execPath, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [inside]: "1" },
  });
  process.exitCode = status ?? 1;
  return true;
}

if (!inNamespace()) soak().catch(fail);
