import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/**
 * A file system of its own in memory, which can be filled to the last byte. Null where none may be mounted: without root, and
 * where the system gives no namespaces to users.
 */
export function mountSmallDisk(folder, megabytes) {
  mkdirSync(folder, { recursive: true });
  const options = `size=${megabytes}m,mode=700`;
  return run("mount", "-t", "tmpfs", "-o", options, "hone-soak", folder) ? new SmallDisk(folder) : null;
}

/** Whether this program may mount once it is started by `unshare`. */
export const namespaceCommand = ["unshare", "--user", "--map-root-user", "--mount"];
export const hasNamespaces = () => run(...namespaceCommand, "mount", "-t", "tmpfs", "none", "/mnt");

class SmallDisk {
  constructor(folder) {
    this.folder = folder;
    this.filler = join(folder, "filler");
  }

  /** Not a byte is left. */
  fill() {
    const file = openSync(this.filler, "a");
    try {
      for (let size = 1 << 20; size > 0; size >>= 1) while (wrote(file, size));
    } finally {
      closeSync(file);
    }
    return statfsSync(this.folder).bavail === 0;
  }

  free() {
    rmSync(this.filler, { force: true });
  }

  unmount() {
    run("umount", "--lazy", this.folder);
  }
}

/** A full disk for `milliseconds`, in whose midst something else may happen. Returns whether it was full. */
export async function withFullDisk(disk, milliseconds, meanwhile = async () => undefined) {
  const full = disk.fill();
  try {
    await setTimeout(milliseconds);
    await meanwhile();
  } finally {
    disk.free();
  }
  return full;
}

/**
 * Where no disk can be mounted: for a while no file of these processes may grow beyond a few kilobytes, so that writes break off
 * in the middle. Returns whether there was anything to hurt.
 */
export async function withoutRoom(pids, milliseconds) {
  const limited = pids.filter((pid) => limitFiles(pid, 8192));
  await setTimeout(milliseconds);
  for (const pid of limited) limitFiles(pid, "unlimited");
  return limited.length > 0;
}

const limitFiles = (pid, bytes) => run("prlimit", "--pid", String(pid), `--fsize=${bytes}:unlimited`);

function wrote(file, size) {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch (error) {
    if (error.code === "ENOSPC") return false;
    throw error;
  }
}

function run(command, ...args) {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
