import { readFileSync } from "node:fs";

/** How many processes the Linux kernel has ended for lack of memory, here or in this container; 0 on other systems. */
export function memoryKills(): number {
  return countOf("/proc/vmstat", /^oom_kill (\d+)$/m) + countOf("/sys/fs/cgroup/memory.events", /^oom_kill (\d+)$/m);
}

function countOf(file: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(file, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
