import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { places, root } from "./places.mjs";
import { isInstalled, runCommand } from "./run-command.mjs";
import { fail, SetupError, say, step } from "./say.mjs";

// npm run fuzz -- [--seconds N] [READER …]
// Feeds damaged files to the engine's readers, built with sanitizers: with libFuzzer where clang is installed, else with seeded
// edits (native/tools/fuzz/driver.cpp). Inputs that took a reader down are kept in out/fuzz/READER.

const fixtures = path.join(root, "tests", "fixtures");
const filesIn = (folder, pattern) =>
  readdirSync(path.join(fixtures, folder))
    .filter((name) => pattern.test(name))
    .map((name) => path.join(fixtures, folder, name));

const seeds = {
  gguf: () => [...filesIn("hostile", /^ok-.*\.gguf$/), ...filesIn("tokenizers", /\.gguf$/)],
  model: () => filesIn("models", /^(llama-f32|llama-q4_1|qwen3-q8_0|bitnet-scale-tq2_0|bitnet158-i2_s)\.gguf$/),
  adapter: () => filesIn("models", /^lora-.*\.gguf$/),
  tokenizer: () => filesIn("tokenizers", /\.gguf$/),
};

async function fuzz() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { seconds: { type: "string" } } });
  const seconds = Number(values.seconds ?? 60);
  const readers = positionals.length > 0 ? positionals : Object.keys(seeds);
  const strange = readers.find((reader) => !Object.hasOwn(seeds, reader));
  if (!(seconds > 0) || strange !== undefined)
    throw new SetupError(
      `"${strange ?? values.seconds}" is not understood`,
      `readers: ${Object.keys(seeds).join(", ")}`,
    );
  const clang = await isInstalled("clang++");
  const build = path.join(places.out, clang ? "fuzz-clang" : "fuzz-gcc");
  await step(
    `fuzzing programs (${clang ? "libFuzzer" : "no clang++ here: seeded edits without coverage"}): cmake`,
    () => compile(build, readers, clang),
  );
  let findings = 0;
  for (const reader of readers) {
    const program = path.join(build, `hone_fuzz_${reader}`);
    const kept = path.join(places.out, "fuzz", reader);
    mkdirSync(kept, { recursive: true });
    const args = clang
      ? [
          kept,
          ...new Set(seeds[reader]().map(path.dirname)),
          `-max_total_time=${seconds}`,
          `-artifact_prefix=${kept}${path.sep}`,
        ]
      : [String(seconds), ...seeds[reader]()];
    const { code, tail } = await runCommand(program, args, { log: `fuzz-${reader}.log`, cwd: kept });
    const last = tail
      .trim()
      .split(/[\r\n]/)
      .at(-1);
    if (code !== 0) findings += 1;
    say(`${code === 0 ? "ok    " : "FAILED"} ${reader}: ${code === 0 ? last : tail.slice(-3_000)}`);
  }
  say(`${readers.length - findings} passed, ${findings} failed`);
  process.exitCode = findings === 0 ? 0 : 1;
}

async function compile(build, readers, clang) {
  const settings = [
    "-DHONE_FUZZ=ON",
    "-DHONE_SANITIZE=ON",
    "-DHONE_ADDON=OFF",
    "-DHONE_TESTS=OFF",
    "-DCMAKE_BUILD_TYPE=Release",
  ];
  if (clang) settings.push("-DCMAKE_CXX_COMPILER=clang++");
  for (const args of [
    ["-S", path.join(root, "native"), "-B", build, ...settings],
    ["--build", build, "--parallel", "2", "--target", ...readers.map((reader) => `hone_fuzz_${reader}`)],
  ]) {
    const { code, tail } = await runCommand("cmake", args, { log: "fuzz-build.log" });
    if (code !== 0) throw new SetupError(`the fuzzing programs do not build:\n${tail.slice(-2_000)}`);
  }
}

fuzz().catch(fail);
