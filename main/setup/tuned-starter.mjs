import { rmSync } from "node:fs";
import path from "node:path";
import { places, root } from "./places.mjs";
import { runCommand } from "./run-command.mjs";
import { SetupError, step } from "./say.mjs";

/** The adapter of one whole starter run, made in a data folder of that name under out. */
export function tunedStarter(name) {
  return step("starter run: hone demo", async () => {
    const folder = path.join(places.out, name);
    rmSync(folder, { recursive: true, force: true });
    const args = [path.join(root, "main", "setup", "hone.mjs"), "demo", "--json", "--data-folder", folder];
    const result = await runCommand(process.execPath, args, { log: `${name}-demo.log` });
    if (result.code !== 0) throw new SetupError(`The starter run failed:\n${result.tail.trim()}`);
    return JSON.parse(result.tail.trim().split("\n").at(-1)).adapter;
  });
}
