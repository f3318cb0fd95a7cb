import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { places, root } from "./places.mjs";
import { isInstalled, runCommand } from "./run-command.mjs";
import { fail, SetupError, say, step } from "./say.mjs";

// npm run fuzz -- [--seconds N] [--seeds FOLDER] [READER …]
// Feeds damaged files to the engine's readers, built with sanitizers: with libFuzzer where clang is installed, else with seeded
// edits (native/tools/fuzz/driver.cpp). What they start from is taken from the tests and from GGUF files in FOLDER. Inputs that
// took a reader down are kept in out/fuzz/READER, and those that reached something new in its folder `corpus`.

const fixtures = path.join(root, "tests", "fixtures");
const filesIn = (folder, pattern) =>
  readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => path.join(folder, name));
const fixturesIn = (folder, pattern) => filesIn(path.join(fixtures, folder), pattern);

/** For each reader, the files of the tests it starts from, and which further files are of its kind. */
const readers = {
  gguf: { seeds: () => [...fixturesIn("hostile", /\.gguf$/), ...fixturesIn("tokenizers", /\.gguf$/)], more: /\.gguf$/ },
  model: {
    seeds: () => [
      ...fixturesIn("tiny", /\.gguf$/),
      ...fixturesIn("models", /^(bitnet-scale-tq2_0|bitnet158-i2_s)\.gguf$/),
    ],
    more: /^(?!lora-|grad-|step-).*\.gguf$/,
  },
  adapter: { seeds: () => fixturesIn("models", /^lora-.*\.gguf$/), more: /^(lora|grad|step)-.*\.gguf$/ },
  tokenizer: { seeds: () => fixturesIn("tokenizers", /\.gguf$/), more: /\.gguf$/ },
  blocks: { seeds: () => fixturesIn("quants", /\.bin$/) },
  checkpoint: { seeds: () => [] },
  split: { seeds: () => fixturesIn("hostile", /^ok-.*\.gguf$/) },
};

/** Readers that are not of the engine, and the tests that damage their files. */
const readersOfStudio = {
  folders: "tests/main/adapters/formats/damage.test.ts",
  datasets: "tests/main/datasets/damage.test.ts",
  templates: "tests/main/chat-template/damage.test.ts",
};

async function fuzz() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: "string" }, seeds: { type: "string" } },
  });
  const seconds = Number(values.seconds ?? 60);
  const known = [...Object.keys(readers), ...Object.keys(readersOfStudio)];
  const chosen = positionals.length > 0 ? positionals : known;
  const strange = chosen.find((reader) => !known.includes(reader));
  if (!(seconds > 0) || strange !== undefined)
    throw new SetupError(`"${strange ?? values.seconds}" is not understood`, `readers: ${known.join(", ")}`);
  const native = chosen.filter((reader) => Object.hasOwn(readers, reader));
  const clang = await isInstalled("clang++");
  const build = path.join(places.out, clang ? "fuzz-clang" : "fuzz-gcc");
  if (native.length > 0) {
    const how = clang ? "libFuzzer" : "no clang++ here: seeded edits without coverage";
    await step(`fuzzing programs (${how}): cmake`, () => compile(build, native, clang));
  }
  let findings = 0;
  const tell = (reader, code, summary, tail) => {
    if (code !== 0) findings += 1;
    say(`${code === 0 ? "ok    " : "FAILED"} ${reader}: ${code === 0 ? summary : tail.slice(-3_000)}`);
  };
  for (const reader of native) {
    const { seeds, more } = readers[reader];
    const files = [...seeds(), ...(values.seeds && more ? filesIn(path.resolve(values.seeds), more) : [])];
    const kept = path.join(places.out, "fuzz", reader);
    mkdirSync(path.join(kept, "corpus"), { recursive: true });
    const args = clang ? guidedBy(kept, files, seconds) : [String(seconds), ...files];
    const program = path.join(build, `hone_fuzz_${reader}`);
    const { code, tail } = await runCommand(program, args, { log: `fuzz-${reader}.log`, cwd: kept });
    tell(reader, code, summaryOf(tail), tail);
  }
  for (const reader of chosen.filter((name) => !native.includes(name))) {
    const { code, tail } = await runCommand("npx", ["vitest", "run", "--project", "unit", readersOfStudio[reader]], {
      log: `fuzz-${reader}.log`,
      env: { ...process.env, HONE_DAMAGE_SECONDS: String(seconds) },
    });
    tell(reader, code, (tail.match(/\d+ inputs in \d+ s/g) ?? []).join(", "), tail);
  }
  say(`${chosen.length - findings} passed, ${findings} failed`);
  process.exitCode = findings === 0 ? 0 : 1;
}

/** What libFuzzer is told: most of a model file is weights, so that inputs are kept short where they can be. */
function guidedBy(kept, files, seconds) {
  const list = path.join(kept, "seeds.txt");
  writeFileSync(list, files.join(","));
  return [
    path.join(kept, "corpus"),
    ...(files.length > 0 ? [`-seed_inputs=@${list}`] : []),
    `-max_total_time=${seconds}`,
    "-use_value_profile=1",
    "-timeout=30",
    `-artifact_prefix=${kept}${path.sep}`,
  ];
}

/** The last line, and with libFuzzer how many of the program's branches were reached. */
function summaryOf(tail) {
  const lines = tail.trim().split(/[\r\n]/);
  const [, reached] = tail.match(/.*\bcov: (\d+)/s) ?? [];
  return `${lines.at(-1)}${reached ? `, ${reached} branches reached` : ""}`;
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
