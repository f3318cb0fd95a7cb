import path from "node:path";
import { buildBundles } from "./bundles.mjs";
import { installDependencies } from "./dependencies.mjs";
import { electronBinary } from "./electron.mjs";
import { buildEngine } from "./engine.mjs";
import { root } from "./places.mjs";
import { runCommand } from "./run-command.mjs";
import { fail, SetupError, say, step } from "./say.mjs";

// npm run package: an unpacked app for this platform, in dist/.

async function makePackage() {
  await installDependencies();
  await buildEngine();
  await buildBundles();
  const electron = await electronBinary({ again: true });
  if (!electron.path)
    throw new SetupError(
      `No app can be packed: ${electron.why}.`,
      "try again where the network reaches Electron's downloads",
    );
  await step("app: electron-builder", () => packWith(path.join(root, "node_modules", "electron", "dist")));
  say("The app lies in dist/.");
}

/** `electronFolder` holds Electron unpacked, so that electron-builder downloads nothing of its own. */
async function packWith(electronFolder) {
  const cli = path.join(root, "node_modules", "electron-builder", "cli.js");
  const args = [cli, "--dir", "--publish", "never", `-c.electronDist=${electronFolder}`];
  const result = await runCommand(process.execPath, args, { log: "package.log" });
  if (result.code !== 0)
    throw new SetupError(
      `electron-builder failed:\n${result.tail.trim().split("\n").slice(-10).join("\n")}`,
      "the whole output is in out/logs/package.log",
    );
}

makePackage().catch(fail);
