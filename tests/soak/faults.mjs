import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const runFolders = (data) => {
  try {
    return readdirSync(join(data, "runs")).map((id) => join(data, "runs", id));
  } catch {
    return [];
  }
};

/** Cuts or flips the newest checkpoint of every run that has one. To be called while nothing runs. Returns how many. */
export function damageCheckpoints(data, random) {
  let damaged = 0;
  for (const folder of runFolders(data)) {
    const path = join(folder, "checkpoint.gguf");
    try {
      const { size } = statSync(path);
      if (random() < 0.5) truncateSync(path, Math.floor(random() * size));
      else {
        const bytes = readFileSync(path);
        const place = Math.floor(random() * (size - 64));
        bytes[place] ^= 1 << Math.floor(random() * 8);
        writeFileSync(path, bytes);
      }
      damaged += 1;
    } catch {
      // No checkpoint yet.
    }
  }
  return damaged;
}

/**
 * For a while no file of an engine may grow beyond a few kilobytes: writes break off in the middle, as on a full disk. Where the
 * system has no such limit, the place of the next checkpoint is taken by a folder. Returns whether there was anything to hurt.
 */
export async function fillDisk(data, engines, milliseconds) {
  const limited = engines.filter((pid) => limit(pid, 8192));
  const taken = limited.length > 0 ? [] : runFolders(data).flatMap(takePlace);
  await setTimeout(milliseconds);
  for (const pid of limited) limit(pid, "unlimited");
  for (const path of taken) rmSync(path, { recursive: true, force: true });
  return limited.length + taken.length > 0;
}

function limit(pid, bytes) {
  return spawnSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`], { stdio: "ignore" }).status === 0;
}

function takePlace(folder) {
  const path = join(folder, "checkpoint.gguf.next");
  try {
    mkdirSync(path);
    return [path];
  } catch {
    return [];
  }
}
