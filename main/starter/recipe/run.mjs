// Bundles a TypeScript file of the recipe in memory and runs it: node main/starter/recipe/run.mjs build.ts --help
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "rolldown";

const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) {
  console.error("usage: node main/starter/recipe/run.mjs ENTRY.ts [arguments]");
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), "hone-recipe-"));
try {
  const input = resolve(import.meta.dirname, entry);
  const file = join(folder, "entry.mjs");
  await build({ input, platform: "node", logLevel: "warn", output: { file, format: "esm", codeSplitting: false } });
  process.argv.splice(1, process.argv.length - 1, input, ...rest);
  await import(pathToFileURL(file).href);
} finally {
  await rm(folder, { recursive: true, force: true });
}
