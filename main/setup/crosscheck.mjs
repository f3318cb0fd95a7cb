import { rmSync } from "node:fs";
import path from "node:path";
import { buildBundles } from "./bundles.mjs";
import { installDependencies } from "./dependencies.mjs";
import { buildEngine } from "./engine.mjs";
import { installLlamaCpp } from "./peers/llama-cpp.mjs";
import { places, root } from "./places.mjs";
import { runCommand } from "./run-command.mjs";
import { fail, SetupError, step } from "./say.mjs";
import { runVitest } from "./suites.mjs";

// npm run crosscheck [-- FOLDER]: the engine beside a real llama.cpp, on the models of FOLDER (the test fixtures when left
// out) and on the starter, bare and tuned. llama.cpp comes from a package of its own under out/peers; Hone itself never needs it.

/** The adapter of one whole starter run. */
async function tunedStarter() {
  return step("starter run: hone demo", async () => {
    const folder = path.join(places.out, "crosscheck");
    rmSync(folder, { recursive: true, force: true });
    const args = [path.join(root, "main", "setup", "hone.mjs"), "demo", "--json", "--data-folder", folder];
    const result = await runCommand(process.execPath, args, { log: "crosscheck-demo.log" });
    if (result.code !== 0) throw new SetupError(`The starter run failed:\n${result.tail.trim()}`);
    return JSON.parse(result.tail.trim().split("\n").at(-1)).adapter;
  });
}

async function crosscheck() {
  await installDependencies();
  await buildEngine();
  await buildBundles();
  const [folder] = process.argv.slice(2);
  process.env.HONE_PEER = await installLlamaCpp();
  process.env.HONE_CROSSCHECK_ADAPTER = await tunedStarter();
  if (folder) process.env.HONE_CROSSCHECK_FOLDER = path.resolve(folder);
  const { passed, failed } = await runVitest("crosscheck");
  process.exitCode = failed === 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

crosscheck().catch(fail);
