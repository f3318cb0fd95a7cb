import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { places, root } from "./places.mjs";
import { runCommand } from "./run-command.mjs";
import { step } from "./say.mjs";

const packageFolder = path.join(root, "node_modules", "electron");
const failureFile = path.join(places.out, "electron-unavailable.json");
const timeLimit = 60_000;

/**
 * The path of Electron's binary, or why there is none. It is fetched once, with a time limit; a failure is remembered for this
 * version of Electron, so that later starts lose no time (`again` tries once more).
 */
export async function electronBinary({ again = false } = {}) {
  const present = installedBinary();
  if (present) return { path: present };
  const version = JSON.parse(readFileSync(path.join(packageFolder, "package.json"), "utf8")).version;
  const remembered = rememberedFailure(version);
  if (remembered && !again) return { path: null, why: remembered };
  const why = await step("Electron's binary: first download", () => fetchBinary());
  const fetched = installedBinary();
  if (fetched) return { path: fetched };
  mkdirSync(places.out, { recursive: true });
  writeFileSync(failureFile, JSON.stringify({ version, why }));
  return { path: null, why };
}

function installedBinary() {
  try {
    const inside = readFileSync(path.join(packageFolder, "path.txt"), "utf8").trim();
    const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(packageFolder, "dist");
    const binary = path.join(folder, inside);
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}

function rememberedFailure(version) {
  try {
    const failure = JSON.parse(readFileSync(failureFile, "utf8"));
    return failure.version === version ? failure.why : null;
  } catch {
    return null;
  }
}

async function fetchBinary() {
  const result = await runCommand(process.execPath, [path.join(packageFolder, "install.js")], {
    log: "electron.log",
    timeout: timeLimit,
  });
  if (result.timedOut) return `its binary could not be downloaded within ${timeLimit / 1000} s`;
  const reason = /Error: (.{1,160})/.exec(result.tail)?.[1];
  return `its binary could not be downloaded${reason ? ` (${reason})` : ""}`;
}
