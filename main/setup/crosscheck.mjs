import path from "node:path";
import { buildBundles } from "./bundles.mjs";
import { installDependencies } from "./dependencies.mjs";
import { buildEngine } from "./engine.mjs";
import { installLlamaCpp } from "./peers/llama-cpp.mjs";
import { fail } from "./say.mjs";
import { runVitest } from "./suites.mjs";
import { tunedStarter } from "./tuned-starter.mjs";

// npm run crosscheck [-- FOLDER]: the engine beside a real llama.cpp, on the models of FOLDER (the test fixtures when left
// out) and on the starter, bare and tuned. llama.cpp comes from a package of its own under out/peers; Hone itself never needs it.

async function crosscheck() {
  await installDependencies();
  await buildEngine();
  await buildBundles();
  const [folder] = process.argv.slice(2);
  process.env.HONE_PEER = await installLlamaCpp();
  process.env.HONE_CROSSCHECK_ADAPTER = await tunedStarter("crosscheck");
  if (folder) process.env.HONE_CROSSCHECK_FOLDER = path.resolve(folder);
  const { passed, failed } = await runVitest("crosscheck");
  process.exitCode = failed === 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

crosscheck().catch(fail);
