import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./places.mjs";
import { runCommand } from "./run-command.mjs";
import { SetupError, step } from "./say.mjs";

/** Installs node_modules from the lock file, unless it holds exactly that already. */
export async function installDependencies() {
  checkNode();
  if (isInstalledAsLocked()) return;
  await step("dependencies: npm ci", async () => {
    const result = await npm(
      ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
      "dependencies.log",
    );
    if (result.missing) throw new SetupError("npm was not found.", "install npm, which usually comes with Node");
    if (result.code !== 0) {
      throw new SetupError(
        `npm ci failed:\n${result.tail.trim().split("\n").slice(-12).join("\n")}`,
        "check the network connection to the npm registry; the whole output is in out/logs/dependencies.log",
      );
    }
  });
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(
    `Hone needs Node 20.19 or newer; this is ${process.versions.node}.`,
    "install a current Node from nodejs.org",
  );
}

function npm(args, log) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith("npm-cli.js") && existsSync(cli)) return runCommand(process.execPath, [cli, ...args], { log });
  return runCommand(process.platform === "win32" ? "npm.cmd" : "npm", args, { log });
}

/** npm keeps what it installed in node_modules/.package-lock.json. Optional packages of other platforms are not in there. */
function isInstalledAsLocked() {
  const installed = packagesOf(path.join(root, "node_modules", ".package-lock.json"));
  const locked = packagesOf(path.join(root, "package-lock.json"));
  if (!locked) throw new SetupError("package-lock.json is missing or damaged.", "restore it from version control");
  if (!installed) return false;
  return Object.entries(locked).every(([place, entry]) => {
    if (place === "") return true;
    const there = installed[place];
    return there
      ? there.version === entry.version
      : entry.optional === true || entry.devOptional === true || entry.peer === true;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}
