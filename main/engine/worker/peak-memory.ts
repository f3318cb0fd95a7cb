import { readFileSync, writeFileSync } from "node:fs";

/** Lets the peak of this process's memory begin anew, where the system can (Linux); elsewhere it covers its whole life. */
export function beginPeak(): void {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // The older peak stays, as on systems without this file.
  }
}

/** The most bytes of memory that this process held since `beginPeak`. */
export function peakBytes(): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
    if (found) return 1024 * Number(found[1]);
  } catch {
    // Not Linux.
  }
  return 1024 * process.resourceUsage().maxRSS;
}
