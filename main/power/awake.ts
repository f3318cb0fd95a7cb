import { type ChildProcess, spawn } from "node:child_process";

/** Keeps the system awake, not its screen, until it is called; twice does nothing. */
export type Release = () => void;

/**
 * Asks the system not to fall asleep, with the program that it has for that; where it has none nothing happens. Each of them
 * ends by itself with this process, however that ends: two read from a pipe that closes then, one watches our process.
 */
export function keepAwake(
  platform: NodeJS.Platform = process.platform,
  start: (program: string, args: readonly string[]) => ChildProcess = startProgram,
): Release {
  const command = commandFor(platform);
  if (!command) return () => undefined;
  const [program, ...args] = command;
  const child = start(program, args);
  // Not there, or not allowed: the machine sleeps when it wants to, and the run goes on afterwards.
  child.on("error", () => undefined);
  child.stdin?.on("error", () => undefined);
  return () => {
    child.stdin?.end();
    child.kill();
  };
}

function startProgram(program: string, args: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: ["pipe", "ignore", "ignore"], windowsHide: true });
}

function commandFor(platform: NodeJS.Platform): readonly [string, ...string[]] | null {
  if (platform === "linux") {
    return ["systemd-inhibit", "--what=idle:sleep", "--who=Hone", "--why=A run is training", "--mode=block", "cat"];
  }
  if (platform === "darwin") return ["caffeinate", "-i", "-w", String(process.pid)];
  if (platform === "win32") return ["powershell.exe", "-NoProfile", "-Command", stayAwakeOnWindows];
  return null;
}

/** ES_CONTINUOUS and ES_SYSTEM_REQUIRED, for as long as the program lives. */
const stayAwakeOnWindows = `
$type = Add-Type -Name Power -Namespace Hone -PassThru -MemberDefinition '[DllImport("kernel32.dll")] public static extern uint SetThreadExecutionState(uint flags);'
[void]$type::SetThreadExecutionState([uint32]"0x80000001")
[void][Console]::In.ReadToEnd()
`;
