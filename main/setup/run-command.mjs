import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import path from "node:path";
import { places, root } from "./places.mjs";

/**
 * Runs a program to its end. Its output goes to `log` (a file name under out/logs) when given, and its last lines come back
 * as `tail`. `code` is null when it ended by a signal, or by the time limit (`timedOut`).
 */
export function runCommand(command, args, { log, timeout = 0, env = process.env, cwd = root } = {}) {
  return new Promise((resolve) => {
    let file;
    if (log) {
      mkdirSync(places.logs, { recursive: true });
      file = createWriteStream(path.join(places.logs, log));
    }
    let tail = "";
    let timedOut = false;
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], shell: needsShell(command) });
    const keep = (chunk) => {
      file?.write(chunk);
      tail = (tail + chunk).slice(-16_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const limit = () => {
      timedOut = true;
      child.kill("SIGKILL");
    };
    const timer = timeout ? setTimeout(limit, timeout) : undefined;
    const end = (result) => {
      clearTimeout(timer);
      file?.end();
      resolve({ tail, timedOut, ...result });
    };
    child.on("error", (error) => end({ code: null, missing: error.code === "ENOENT" }));
    child.on("close", (code) => end({ code, missing: false }));
  });
}

/** Node refuses to start .cmd files on Windows without a shell. */
function needsShell(command) {
  return process.platform === "win32" && /\.(cmd|bat)$/i.test(command);
}

/** Whether a program of that name answers to `--version`. */
export async function isInstalled(command) {
  return (await runCommand(command, ["--version"], { timeout: 20_000 })).code === 0;
}
