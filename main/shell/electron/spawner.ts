import type { EngineSpawner } from "@main/engine/spawner";
import { utilityProcess } from "electron";

const keptErrorText = 8_000;

/**
 * Engine processes in Electron. A utility process tells its exit code only; on POSIX systems a signal shows as 128 + number or
 * as the bare number of the wait status.
 */
export function electronSpawner(workerPath: string): EngineSpawner {
  return ({ role, addonPath }) => {
    const child = utilityProcess.fork(workerPath, ["--addon", addonPath, "--role", role], {
      serviceName: `Hone engine (${role})`,
      stdio: ["ignore", "ignore", "pipe"],
      execArgv: [],
    });
    let errorText = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      errorText = (errorText + chunk.toString("utf8")).slice(-keptErrorText);
    });
    return {
      get pid() {
        return child.pid;
      },
      send: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on("message", listener),
      onExit: (listener) =>
        void child.once("exit", (code) => {
          const signal = signalOf(code);
          listener({ code: signal ? null : code, signal, errorText });
        }),
      // Electron's own kill asks politely; a process that hangs does not listen.
      kill: () => {
        if (child.pid === undefined) child.kill();
        else endAtOnce(child.pid, () => child.kill());
      },
    };
  };
}

function endAtOnce(pid: number, otherwise: () => void): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    otherwise();
  }
}

const signals: Record<number, string> = {
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  15: "SIGTERM",
};

function signalOf(code: number, platform = process.platform): string | null {
  if (platform === "win32") return null;
  return signals[code > 128 ? code - 128 : code] ?? null;
}
