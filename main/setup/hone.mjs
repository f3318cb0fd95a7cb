import path from "node:path";
import { pathToFileURL } from "node:url";
import { buildBundles } from "./bundles.mjs";
import { installDependencies } from "./dependencies.mjs";
import { buildEngine } from "./engine.mjs";
import { places } from "./places.mjs";
import { fail } from "./say.mjs";

// npm run hone -- train|chat|export|inspect|devices|demo|logits …

async function hone() {
  await installDependencies();
  await buildEngine();
  await buildBundles();
  const { main } = await import(pathToFileURL(path.join(places.main, "cli.js")).href);
  process.exitCode = await main(process.argv.slice(2));
}

hone().catch(fail);
