import { execFile } from "node:child_process";

const patienceMs = 10_000;

/** What a small program of the system prints; "" when it is not there, fails or takes too long. */
export function outputOf(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: patienceMs, windowsHide: true }, (error, stdout) =>
      resolve(error ? "" : stdout),
    );
  });
}
