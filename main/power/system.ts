import { readLinux } from "@main/power/linux";
import { readMacos } from "@main/power/macos";
import { nothingTold, type PowerReader } from "@main/power/reading";
import { readWindows } from "@main/power/windows";

/** What this machine says. */
export function systemReader(platform: NodeJS.Platform = process.platform): PowerReader {
  if (platform === "linux") return () => readLinux("/sys");
  if (platform === "darwin") return readMacos;
  if (platform === "win32") return readWindows;
  return async () => nothingTold;
}
