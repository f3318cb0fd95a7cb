import { homedir } from "node:os";
import path from "node:path";

/** Where Hone keeps what it makes: as asked for, else the environment's HONE_DATA, else the platform's usual place. */
export function dataFolder(
  asked?: string,
  environment: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
): string {
  const chosen = asked ?? environment.HONE_DATA;
  if (chosen) return path.resolve(chosen);
  const home = homedir();
  if (platform === "darwin") return path.join(home, "Library", "Application Support", "Hone");
  if (platform === "win32") return path.join(environment.LOCALAPPDATA ?? path.join(home, "AppData", "Local"), "Hone");
  return path.join(environment.XDG_DATA_HOME ?? path.join(home, ".local", "share"), "hone");
}
