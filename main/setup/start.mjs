import { spawn } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { buildBundles } from "./bundles.mjs";
import { installDependencies } from "./dependencies.mjs";
import { electronBinary } from "./electron.mjs";
import { buildEngine } from "./engine.mjs";
import { places, root } from "./places.mjs";
import { fail, say } from "./say.mjs";

// npm start [-- --served] [--port N] [--data DIR] [--no-open] [--get-electron]

const flags = process.argv.slice(2);

async function start() {
  await installDependencies();
  await buildEngine();
  await buildBundles();
  const shell = await chooseShell();
  if (shell.binary) return openElectron(shell.binary);
  const { main } = await import(pathToFileURL(path.join(places.main, "index.js")).href);
  await main({ flags, why: shell.why });
}

/** The desktop window where there is a screen and Electron's binary; else the served shell, and why. */
async function chooseShell() {
  if (flags.includes("--served")) return { why: "as asked with --served" };
  if (!hasDisplay()) return { why: "because this machine has no display" };
  const electron = await electronBinary({ again: flags.includes("--get-electron") });
  return electron.path ? { binary: electron.path } : { why: `because Electron cannot be used: ${electron.why}` };
}

function hasDisplay() {
  if (process.platform === "win32" || process.platform === "darwin") return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function openElectron(binary) {
  // Chromium's command line wants --name=value.
  const data = flags.indexOf("--data");
  const given =
    data >= 0 && flags[data + 1]
      ? [`--data=${path.resolve(flags[data + 1])}`]
      : flags.filter((flag) => flag.startsWith("--data="));
  const child = spawn(binary, [root, ...given], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => process.exit(code ?? 1));
  child.on("error", (error) => {
    say(`Electron did not start: ${error.message}`);
    process.exit(1);
  });
}

start().catch(fail);
