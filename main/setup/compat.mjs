import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { build } from "vite";
import { buildBundles } from "./bundles.mjs";
import { installDependencies } from "./dependencies.mjs";
import { buildEngine } from "./engine.mjs";
import { installPeer } from "./peers/install.mjs";
import { installLlamaCpp } from "./peers/llama-cpp.mjs";
import { places, root } from "./places.mjs";
import { runCommand } from "./run-command.mjs";
import { fail, SetupError, step } from "./say.mjs";
import { runVitest } from "./suites.mjs";
import { tunedStarter } from "./tuned-starter.mjs";

// npm run compat: exports a tuned starter and a few fixtures in every profile and opens them in the real things: llama.cpp, QVAC's
// addon on the Bare runtime, and wllama in a browser without a screen with the profiles of phones. Prints the matrix that the
// README shows. Nothing leaves the machine but the installation of those packages.

const folder = path.join(places.out, "compat");

/** One export as a person would make it; gives the folder. */
async function exported(name, adapter, model, flags) {
  const out = path.join(folder, "exports", name);
  const hone = path.join(root, "main", "setup", "hone.mjs");
  const args = [hone, "export", "--adapter", adapter, "--model", model, "--out", out, "--name", "tuned", "--json"];
  const result = await runCommand(process.execPath, [...args, ...flags], { log: `compat-${name}.log` });
  if (result.code !== 0) throw new SetupError(`The export "${name}" failed:\n${result.tail.trim()}`);
}

async function exportAll(adapter) {
  rmSync(path.join(folder, "exports"), { recursive: true, force: true });
  const starter = path.join(root, "main", "starter", "model.gguf");
  const fixture = (name) => path.join(root, "tests", "fixtures", "models", `${name}.gguf`);
  await step("exports", async () => {
    await exported("pair", adapter, starter, ["--for", "pair"]);
    await exported("android", adapter, starter, ["--for", "android"]);
    await exported("iphone", adapter, starter, ["--for", "iphone"]);
    for (const type of ["q8_0", "f16"])
      await exported(`merged-${type}`, adapter, starter, ["--for", "merged", "--type", type]);
    for (const [lora, model] of fixtures)
      await exported(`fixture-${model}`, fixture(lora), fixture(model), ["--for", "pair", "--type", "f32"]);
  });
}

const fixtures = [
  ["lora-llama-f16", "llama-f16"],
  ["lora-qwen3-q8_0", "qwen3-q8_0"],
  ["lora-bitnet-tq2_0", "bitnet-tq2_0"],
];

/** A bare page around the engine for browsers, bundled as the phone's own page is. */
async function buildPage() {
  await step("page: vite build", () =>
    build({
      configFile: false,
      logLevel: "warn",
      root: path.join(root, "tests", "compat", "page"),
      base: "./",
      resolve: { alias: { "@shared": path.join(root, "shared"), "@renderer": path.join(root, "renderer") } },
      build: {
        outDir: path.join(folder, "page"),
        emptyOutDir: true,
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 2000,
      },
    }),
  );
}

/** The cells that the tests have written, as a table in Markdown; runtimes that found the same share a column. */
function matrix() {
  const file = path.join(folder, "cells.jsonl");
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  const cells = lines.filter(Boolean).map((line) => JSON.parse(line));
  const rows = [...new Set(cells.map(({ row }) => row))].sort();
  const textsOf = (column) =>
    rows.map((row) => cells.findLast((cell) => cell.row === row && cell.column === column)?.text ?? "not run");
  const columns = new Map();
  for (const column of [...new Set(cells.map((cell) => cell.column))].sort()) {
    const texts = textsOf(column);
    const same = [...columns.values()].find((other) => other.texts.join() === texts.join());
    if (same) same.names.push(column);
    else columns.set(column, { names: [column], texts });
  }
  const all = [...columns.values()];
  return [
    `| exported | ${all.map(({ names }) => names.join("; ")).join(" | ")} |`,
    `| --- |${all.map(() => " --- |").join("")}`,
    ...rows.map((row, index) => `| ${row} | ${all.map(({ texts }) => texts[index]).join(" | ")} |`),
  ].join("\n");
}

async function compat() {
  await installDependencies();
  await buildEngine();
  await buildBundles();
  process.env.HONE_PEER = await installLlamaCpp();
  process.env.HONE_PEER_QVAC = await installPeer("qvac", { "@qvac/llm-llamacpp": "0.38.2", bare: "1.31.2" });
  mkdirSync(folder, { recursive: true });
  const adapter = process.env.HONE_COMPAT_ADAPTER ?? (await tunedStarter("compat-studio"));
  await exportAll(adapter);
  await buildPage();
  process.env.HONE_COMPAT = folder;
  rmSync(path.join(folder, "cells.jsonl"), { force: true });
  const { passed, failed } = await runVitest("compat");
  process.stdout.write(`\n${matrix()}\n\nNot run: a real iPhone, a real Android phone, WebKitGTK, an NPU.\n\n`);
  process.exitCode = failed === 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

compat().catch(fail);
