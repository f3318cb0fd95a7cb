import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface ServedStudio {
  readonly url: string;
  readonly dataFolder: string;
  readonly pid: number;
  /** Everything printed so far. */
  output(): string;
  /** Its exit code, once it has ended of itself. */
  readonly ended: Promise<number | null>;
  /** Ends it as Ctrl+C does and gives its exit code; the data folder stays. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** What `npm start` runs. */
export const startScript = fileURLToPath(new URL("../../main/setup/start.mjs", import.meta.url));
const launcher = fileURLToPath(new URL("launch-served.mjs", import.meta.url));

/** The served shell over a data folder, up to its URL. With `startScript` the set-up runs first. */
export async function startStudio(dataFolder: string, script = launcher): Promise<ServedStudio> {
  const child = spawn(process.execPath, [script, "--served", "--no-open", "--data", dataFolder], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const exited = new Promise<number | null>((resolve) => child.on("close", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /^http:\/\/\S+$/m.exec(output);
      if (found) resolve(found[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("close", () => reject(new Error(`it ended without a URL:\n${output}`)));
  });
  return {
    url,
    dataFolder,
    pid: child.pid ?? 0,
    output: () => output,
    ended: exited,
    stop: (signal = "SIGINT") => {
      child.kill(signal);
      return exited;
    },
  };
}

/** A studio over a data folder of its own, as a scope. */
export async function withStudio<T>(work: (studio: ServedStudio) => Promise<T>): Promise<T> {
  const dataFolder = mkdtempSync(join(tmpdir(), "hone-e2e-"));
  const studio = await startStudio(dataFolder);
  try {
    return await work(studio);
  } finally {
    await studio.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}
