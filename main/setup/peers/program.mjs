import { fileURLToPath } from "node:url";
import { runCommand } from "../run-command.mjs";

/** No single measurement of a peer takes longer than this many milliseconds. */
const limit = 3 * 60_000;

/** Where a measuring program of this folder lies. */
export const programFile = (name) => fileURLToPath(new URL(`programs/${name}`, import.meta.url));

/**
 * Runs a measuring program with a request as its last argument. The last line it prints is its answer,
 * `{"runs": [tokens per second, …], "peakRssMiB"}`; anything else becomes `{"problem": one line}`.
 */
export async function askProgram(command, args, request) {
  const { code, tail, timedOut, missing } = await runCommand(command, [...args, JSON.stringify(request)], {
    timeout: limit,
  });
  const lines = tail.trim().split("\n");
  if (code === 0) {
    const answer = lines.findLast((line) => line.startsWith('{"runs"'));
    if (answer) return JSON.parse(answer);
  }
  if (missing) return { problem: `${command} is not installed` };
  if (timedOut) return { problem: `gave no figure within ${limit / 60_000} minutes` };
  const reason = lines.findLast((line) => /error|fail|cannot|unsupported/i.test(line)) ?? lines.at(-1);
  return { problem: reason?.trim().slice(0, 200) || `ended with ${code ?? "a signal"}` };
}
