import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { places } from "../places.mjs";
import { runCommand } from "../run-command.mjs";
import { SetupError, step } from "../say.mjs";

/**
 * Installs packages (name: version) into a folder of their own under out/peers, once; returns that folder. Peers are what Hone
 * is compared with; it never needs them itself.
 */
export async function installPeer(name, packages) {
  const folder = path.join(places.out, "peers", name);
  const present = (each) => existsSync(path.join(folder, "node_modules", each, "package.json"));
  if (Object.keys(packages).every(present)) return folder;
  const wanted = Object.entries(packages).map(([each, version]) => `${each}@${version}`);
  await step(`${wanted.join(" ")}: npm install`, async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true }));
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const args = ["install", "--no-audit", "--no-fund", "--save-exact", ...wanted];
    const result = await runCommand(npm, args, { cwd: folder, log: `peer-${name}.log` });
    if (result.code !== 0) throw new SetupError(`${wanted.join(" ")} could not be installed:\n${result.tail.trim()}`);
  });
  return folder;
}
