import { existsSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import path from "node:path";
import { places, root } from "./places.mjs";
import { isInstalled, runCommand } from "./run-command.mjs";
import { SetupError, step } from "./say.mjs";
import { fingerprint, isCurrent, markCurrent } from "./stamp.mjs";

/** Compiles the engine with CMake into out/native: the addon, and with `tests` the C++ tests too. */
export async function buildEngine({ tests = false } = {}) {
  const engine = { name: "engine", print: fingerprintOf(["native"]), results: [places.addon] };
  const withTests = {
    name: "engine-tests",
    print: fingerprintOf(["native", "tests/native"]),
    results: [places.addon, places.nativeTests],
  };
  const wanted = tests ? withTests : engine;
  if (isCurrent(wanted.name, wanted.print, wanted.results)) return;
  await step(tests ? "engine and its tests: cmake" : "engine: cmake", async () => {
    await checkTools();
    forgetMovedBuild();
    await configure();
    await build(tests ? ["hone_addon", "hone_tests"] : ["hone_addon"]);
  });
  for (const { name, print } of tests ? [engine, withTests] : [engine]) markCurrent(name, print);
}

/** Compiles the engine's program that measures speed. */
export async function buildBench() {
  const bench = { name: "engine-bench", print: fingerprintOf(["native"]), results: [places.nativeBench] };
  if (isCurrent(bench.name, bench.print, bench.results)) return;
  await step("engine and its bench: cmake", async () => {
    await checkTools();
    forgetMovedBuild();
    await configure();
    await build(["hone_bench"]);
  });
  markCurrent(bench.name, bench.print);
}

function fingerprintOf(sources) {
  return fingerprint(sources, `${process.platform} ${process.arch} ${root}`);
}

async function checkTools() {
  const missing = [];
  if (!(await isInstalled("cmake"))) missing.push("cmake");
  if (process.platform !== "win32") {
    const compilers = [process.env.CXX, "c++", "g++", "clang++"].filter(Boolean);
    if (!(await anyInstalled(compilers))) missing.push("a C++ compiler (g++)");
    if (!(await anyInstalled(["ninja", "make"]))) missing.push("ninja or make");
  }
  if (missing.length === 0) return;
  throw new SetupError(`The engine cannot be built: ${missing.join(" and ")} not found.`, installHint());
}

async function anyInstalled(commands) {
  for (const command of commands) if (await isInstalled(command)) return true;
  return false;
}

function installHint() {
  if (process.platform === "darwin")
    return "run: xcode-select --install, then install cmake (for example: brew install cmake)";
  if (process.platform === "win32") return "install Visual Studio Build Tools with C++ and CMake";
  return "install them, for example: sudo apt-get install g++ cmake ninja-build";
}

/** CMake refuses a build folder that was made for another path. */
function forgetMovedBuild() {
  const cache = path.join(places.native, "CMakeCache.txt");
  if (!existsSync(cache)) return;
  const home = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, "utf8"))?.[1];
  if (!home || path.resolve(home) !== path.join(root, "native"))
    rmSync(places.native, { recursive: true, force: true });
}

async function configure() {
  const configured = existsSync(path.join(places.native, "CMakeCache.txt"));
  const generator = configured || !(await isInstalled("ninja")) ? [] : ["-G", "Ninja"];
  const args = [
    "-S",
    path.join(root, "native"),
    "-B",
    places.native,
    ...generator,
    "-DCMAKE_BUILD_TYPE=Release",
    "-DHONE_ADDON=ON",
  ];
  const result = await runCommand("cmake", args, { log: "engine-configure.log" });
  if (result.code !== 0) throw buildError("configuring the engine failed", result.tail, "engine-configure.log");
}

async function build(targets) {
  // A compiler can take a gigabyte on a large file.
  const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / 2 ** 30)));
  const args = ["--build", places.native, "--config", "Release", "--parallel", String(jobs), "--target", ...targets];
  const result = await runCommand("cmake", args, { log: "engine-build.log" });
  if (result.code !== 0) throw buildError("compiling the engine failed", result.tail, "engine-build.log");
}

function buildError(what, output, log) {
  const lines = output.trim().split("\n");
  const firstError = lines.findIndex((line) => /error/i.test(line));
  const shown = firstError < 0 ? lines.slice(-15) : lines.slice(firstError, firstError + 15);
  return new SetupError(`${what}:\n${shown.join("\n")}`, `the whole output is in out/logs/${log}`);
}
