import { readdirSync } from "node:fs";
import path from "node:path";
import { places, root } from "./places.mjs";
import { isInstalled, runCommand } from "./run-command.mjs";
import { SetupError, step } from "./say.mjs";
import { runNativeTests } from "./suites.mjs";

const compiler = "aarch64-linux-gnu-g++";
const emulators = ["qemu-aarch64-static", "qemu-aarch64"];

/** The engine and its tests compiled for 64-bit ARM; those of the kernels run under emulation, with every instruction set. */
export async function runArm64Tests() {
  const emulator = await firstInstalled(emulators);
  if (!emulator || !(await isInstalled(compiler))) {
    process.stderr.write(`not tested for arm64: that needs ${compiler} and qemu-aarch64\n`);
    return { passed: 0, failed: 0, absent: true };
  }
  const folder = path.join(places.out, "arm64");
  await step("engine and its tests for arm64: cmake", async () => {
    await cmake(["-S", path.join(root, "native"), "-B", folder, ...settings]);
    await cmake(["--build", folder, "--parallel", "2", "--target", "hone_tests"]);
  });
  const kernels = readdirSync(path.join(root, "tests/native/backend")).filter((name) => name.endsWith("_test.cpp"));
  return runNativeTests(emulator, [path.join(folder, "hone_tests"), ...kernels]);
}

const settings = [
  "-DCMAKE_SYSTEM_NAME=Linux",
  "-DCMAKE_SYSTEM_PROCESSOR=aarch64",
  `-DCMAKE_CXX_COMPILER=${compiler}`,
  "-DCMAKE_BUILD_TYPE=Release",
  "-DCMAKE_EXE_LINKER_FLAGS=-static",
  "-DHONE_ADDON=OFF",
];

async function cmake(args) {
  const { code, tail } = await runCommand("cmake", args, { log: "engine-arm64.log" });
  if (code !== 0) throw new SetupError(`compiling for arm64 failed:\n${tail.trim().split("\n").slice(-15).join("\n")}`);
}

async function firstInstalled(commands) {
  for (const command of commands) if (await isInstalled(command)) return command;
  return null;
}
