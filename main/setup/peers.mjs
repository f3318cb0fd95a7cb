import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { places, root } from "./places.mjs";
import { runCommand } from "./run-command.mjs";
import { SetupError, step } from "./say.mjs";

// Other people's engines, each in a folder of its own under out/peers, to compare ours with. Hone itself never needs them.

/** Installs packages (name: version) from the registry unless these very versions are there; gives the folder. */
export async function installPeer(name, packages) {
  const folder = path.join(places.out, "peers", name);
  const installed = (one) => path.join(folder, "node_modules", one, "package.json");
  const isThere = ([one, version]) =>
    existsSync(installed(one)) && JSON.parse(readFileSync(installed(one), "utf8")).version === version;
  if (Object.entries(packages).every(isThere)) return folder;
  const wanted = Object.entries(packages).map(([one, version]) => `${one}@${version}`);
  await step(`${wanted.join(", ")}: npm install`, async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true }));
    const args = ["install", "--no-audit", "--no-fund", "--save-exact", ...wanted];
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const result = await runCommand(npm, args, { cwd: folder, log: `peer-${name}.log` });
    if (result.code !== 0) throw new SetupError(`${wanted.join(", ")} could not be installed:\n${result.tail.trim()}`);
  });
  return folder;
}

/** The llama.cpp that answers are compared with. */
export const installLlamaCpp = () => installPeer("llama-cpp", { "node-llama-cpp": "3.22.1" });

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
