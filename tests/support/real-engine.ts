import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type EngineSpawner, nodeSpawner } from "@main/engine/spawner";

const root = new URL("../../", import.meta.url);
const place = (path: string) => fileURLToPath(new URL(path, root));

/** What `npm test` builds before it runs the tests; HONE_ADDON names another build of the addon. */
export const addonPath = process.env.HONE_ADDON ?? place("out/native/hone.node");
const workerPath = place("out/main/worker.cjs");
export const commandLinePath = place("out/main/cli.js");

export const modelFixture = (name: string) => place(`tests/fixtures/models/${name}.gguf`);

/** Engine processes as the app starts them. */
export function realSpawner(): EngineSpawner {
  for (const path of [addonPath, workerPath])
    if (!existsSync(path)) throw new Error(`${path} is not built; run npm test`);
  return nodeSpawner(workerPath);
}
