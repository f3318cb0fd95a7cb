import { runArm64Tests } from "./arm64.mjs";
import { buildBundles } from "./bundles.mjs";
import { installDependencies } from "./dependencies.mjs";
import { buildEngine } from "./engine.mjs";
import { fail, say } from "./say.mjs";
import { runAddonInNewerNode, runNativeTests, runProgram, runVitest } from "./suites.mjs";

// npm test [-- lint | types | native | unit | newer-node | e2e …]: all suites, or the named ones; `arm64` only when named.

const suites = {
  lint: () => runProgram("@biomejs/biome/bin/biome", ["check", "--colors=off"]),
  types: () => runProgram("typescript/bin/tsc", ["--noEmit"]),
  native: () => runNativeTests(),
  unit: () => runVitest("unit"),
  "newer-node": () => runAddonInNewerNode(),
  e2e: () => runVitest("e2e"),
};
/**
 * Only by name: the kernels on an emulated arm64; and, no tests, pictures of every page under out/screenshots and how smoothly long
 * curves are drawn.
 */
const onRequest = {
  arm64: () => runArm64Tests(),
  screenshots: () => runVitest("screenshots"),
  frames: () => runVitest("frames"),
};

async function test() {
  await installDependencies();
  await buildEngine({ tests: true });
  await buildBundles();
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !Object.hasOwn({ ...suites, ...onRequest }, name));
  if (unknown.length > 0)
    throw new Error(`no suite is called ${unknown.join(", ")}; there are ${Object.keys(suites).join(", ")}`);

  const results = [];
  for (const name of named.length > 0 ? named : Object.keys(suites)) {
    say(`\n── ${name}`);
    const begin = performance.now();
    const { passed, failed, absent } = await { ...suites, ...onRequest }[name]();
    if (absent) continue;
    // A suite that ran nothing proves nothing.
    const result = { name, passed, failed: passed + failed === 0 ? 1 : failed };
    results.push(result);
    const time = ((performance.now() - begin) / 1000).toFixed(1);
    say(
      `── ${name}: ${passed} of ${passed + result.failed} good, ${time} s${passed + failed === 0 ? " (nothing ran)" : ""}`,
    );
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  say("");
  process.exitCode = sum("failed") === 0 ? 0 : 1;
  process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed\n`);
}

test().catch(fail);
