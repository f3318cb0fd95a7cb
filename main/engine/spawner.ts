import { fork } from "node:child_process";

export type EngineRole = "training" | "studio";

/** How an engine process ended. `errorText` is the tail of what it wrote on standard error. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly errorText: string;
}

/** A running engine process as its supervisor sees it. Messages are structured clones, typed arrays included. */
export interface EngineProcess {
  readonly pid: number | undefined;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once. */
  onExit(listener: (exit: EngineExit) => void): void;
  /** Ends it at once, without a chance to clean up. */
  kill(): void;
}

interface SpawnOptions {
  readonly role: EngineRole;
  readonly addonPath: string;
}

/** Starts an engine process: Node's fork, or Electron's utilityProcess. */
export type EngineSpawner = (options: SpawnOptions) => EngineProcess;

const keptErrorText = 8_000;

/** `workerPath` is the bundle of `main/engine/worker.ts`. */
export function nodeSpawner(workerPath: string): EngineSpawner {
  return ({ role, addonPath }) => {
    const child = fork(workerPath, ["--addon", addonPath, "--role", role], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // The parent's loader flags (a debugger port, a test runner's hooks) are not for the engine.
      execArgv: [],
      env: engineEnvironment(),
    });
    let errorText = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      errorText = (errorText + chunk.toString("utf8")).slice(-keptErrorText);
    });
    return {
      pid: child.pid,
      send: (message) => {
        // A process that is going down no longer takes messages; its exit says why.
        if (child.connected) child.send(message as object, () => undefined);
      },
      onMessage: (listener) => void child.on("message", listener),
      onExit: (listener) => {
        let ended = false;
        const end = (code: number | null, signal: string | null) => {
          if (ended) return;
          ended = true;
          listener({ code, signal, errorText });
        };
        // "close" comes after the last of standard error; "exit" may not.
        child.on("close", end);
        child.on("error", (error) => {
          errorText += String(error);
          end(null, null);
        });
      },
      kill: () => void child.kill("SIGKILL"),
    };
  };
}

function engineEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env;
  return rest;
}
